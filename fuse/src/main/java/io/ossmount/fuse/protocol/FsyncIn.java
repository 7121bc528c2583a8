package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_fsync_in}: argument of FSYNC and FSYNCDIR.
 *
 * @param fh open handle
 * @param fsyncFlags bit 0: the data alone
 */
record FsyncIn(long fh, int fsyncFlags) {
  /** Size on the wire. */
  static final int BYTES = 16;

  /** Reads it from the start of {@code bytes}. */
  static FsyncIn decode(MemorySegment bytes) {
    return new FsyncIn(Wire.int64(bytes, 0), Wire.int32(bytes, 8));
  }

  /** FUSE_FSYNC_FDATASYNC: the data alone. */
  boolean dataOnly() {
    return (fsyncFlags & 1) != 0;
  }
}
