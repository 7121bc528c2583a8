package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_mkdir_in}: argument of MKDIR.
 *
 * @param mode permissions, umask applied
 * @param umask of the caller
 */
record MkdirIn(int mode, int umask) {
  /** Size on the wire. */
  static final int BYTES = 8;

  /** Reads it from the start of {@code bytes}. */
  static MkdirIn decode(MemorySegment bytes) {
    return new MkdirIn(Wire.int32(bytes, 0), Wire.int32(bytes, 4));
  }
}
