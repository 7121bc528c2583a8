package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_getattr_in}: argument of GETATTR.
 *
 * @param getattrFlags bit 0: there is a handle
 * @param fh handle that it was asked through
 */
record GetattrIn(int getattrFlags, long fh) {
  /** Size on the wire. */
  static final int BYTES = 16;

  /** Reads it from the start of {@code bytes}. */
  static GetattrIn decode(MemorySegment bytes) {
    return new GetattrIn(Wire.int32(bytes, 0), Wire.int64(bytes, 8));
  }

  /** FUSE_GETATTR_FH: {@code fh} is valid. */
  boolean hasHandle() {
    return (getattrFlags & 1) != 0;
  }
}
