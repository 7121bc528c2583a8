package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_flush_in}: argument of FLUSH.
 *
 * @param fh open handle
 * @param lockOwner of the caller
 */
record FlushIn(long fh, long lockOwner) {
  /** Size on the wire. */
  static final int BYTES = 24;

  /** Reads it from the start of {@code bytes}. */
  static FlushIn decode(MemorySegment bytes) {
    return new FlushIn(Wire.int64(bytes, 0), Wire.int64(bytes, 16));
  }
}
