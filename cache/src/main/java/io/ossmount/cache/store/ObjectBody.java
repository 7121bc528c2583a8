package io.ossmount.cache.store;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The bytes of a GET as they arrive. Not thread-safe. */
public interface ObjectBody extends AutoCloseable {
  /** Bytes that the answer will have. */
  long length();

  /** CRC64-ECMA of the whole object (not of this range), if the store told it. */
  default Optional<Long> objectCrc64() {
    return Optional.empty();
  }

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
