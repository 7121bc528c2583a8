package io.ossmount.cache.store.oss;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.Crc64;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Content as the SDK reads it; computes its CRC64 on the way. For one thread, read once. */
final class ContentStream extends InputStream {
  private final Content content;
  private final Crc64 crc64 = new Crc64();
  private long position;

  ContentStream(Content content) {
    this.content = content;
  }

  /** CRC64 of what was read. */
  long crc64() {
    return crc64.value();
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, content.size() - position);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    int count = (int) Math.min(length, content.size() - position);
    if (count == 0) {
      return length == 0 ? 0 : -1;
    }
    int read = fill(ByteBuffer.wrap(into, offset, count));
    crc64.update(ByteBuffer.wrap(into, offset, read));
    position += read;
    return read;
  }

  private int fill(ByteBuffer into) throws IOException {
    return switch (content) {
      case Content.OfBuffer buffer -> {
        int count = into.remaining();
        into.put(buffer.buffer().slice(buffer.buffer().position() + (int) position, count));
        yield count;
      }
      case Content.OfFile file -> {
        int count = file.channel().read(into, file.offset() + position);
        if (count < 0) {
          throw new EOFException("the file is shorter than it was said to be");
        }
        yield count;
      }
    };
  }
}
