package io.ossmount.cache.store;

import java.nio.ByteBuffer;

/** The bytes of a GET as they arrive. Not thread-safe. */
public interface ObjectBody extends AutoCloseable {
  /** Bytes that the answer will have. */
  long length();

  /**
   * Puts some bytes into {@code into}.
   *
   * @return how many, at least 1; -1 at the end
   * @throws StoreException the connection broke or was too slow; what was read before is right
   */
  int read(ByteBuffer into);

  /** Ends the transfer at once: what was not read is not drained. */
  @Override
  void close();
}
