package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_read_in}: argument of READ, READDIR and READDIRPLUS.
 *
 * @param fh open handle
 * @param offset in bytes; for a directory what came with an entry
 * @param size room of the caller in bytes
 * @param readFlags whether there is a lock owner
 * @param lockOwner of the caller
 * @param flags of the open file
 */
record ReadIn(long fh, long offset, int size, int readFlags, long lockOwner, int flags) {
  /** Size on the wire. */
  static final int BYTES = 40;

  /** Reads it from the start of {@code bytes}. */
  static ReadIn decode(MemorySegment bytes) {
    return new ReadIn(
        Wire.int64(bytes, 0),
        Wire.int64(bytes, 8),
        Wire.int32(bytes, 16),
        Wire.int32(bytes, 20),
        Wire.int64(bytes, 24),
        Wire.int32(bytes, 32));
  }
}
