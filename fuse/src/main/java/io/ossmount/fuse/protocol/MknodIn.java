package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_mknod_in}: argument of MKNOD.
 *
 * @param mode type and permissions, umask applied
 * @param rdev device number
 * @param umask of the caller
 */
record MknodIn(int mode, int rdev, int umask) {
  /** Size on the wire. */
  static final int BYTES = 16;

  /** Reads it from the start of {@code bytes}. */
  static MknodIn decode(MemorySegment bytes) {
    return new MknodIn(Wire.int32(bytes, 0), Wire.int32(bytes, 4), Wire.int32(bytes, 8));
  }
}
