package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_write_in}: argument of WRITE; the data follows.
 *
 * @param fh open handle
 * @param offset in bytes
 * @param size bytes that follow
 * @param writeFlags whether the page cache writes
 * @param lockOwner of the caller
 * @param flags of the open file
 */
record WriteIn(long fh, long offset, int size, int writeFlags, long lockOwner, int flags) {
  /** Size on the wire. */
  static final int BYTES = 40;

  /** Reads it from the start of {@code bytes}. */
  static WriteIn decode(MemorySegment bytes) {
    return new WriteIn(
        Wire.int64(bytes, 0),
        Wire.int64(bytes, 8),
        Wire.int32(bytes, 16),
        Wire.int32(bytes, 20),
        Wire.int64(bytes, 24),
        Wire.int32(bytes, 32));
  }
}
