package io.ossmount.cache.store;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes to be sent, readable more than once so that a PUT can be repeated. */
public sealed interface Content {
  /** How many bytes. */
  long size();

  /**
   * A range of a file. Whoever made it keeps the channel open, and the range unchanged, until the
   * call has ended.
   */
  record OfFile(FileChannel channel, long offset, long size) implements Content {}

  /** Bytes in memory; position and limit are not moved. */
  record OfBuffer(ByteBuffer buffer) implements Content {
    @Override
    public long size() {
      return buffer.remaining();
    }
  }
}
