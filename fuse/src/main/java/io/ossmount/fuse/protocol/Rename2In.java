package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_rename2_in}: argument of RENAME2.
 *
 * @param newdir directory of the new name
 * @param flags of renameat2(2)
 */
record Rename2In(long newdir, int flags) {
  /** Size on the wire. */
  static final int BYTES = 16;

  /** Reads it from the start of {@code bytes}. */
  static Rename2In decode(MemorySegment bytes) {
    return new Rename2In(Wire.int64(bytes, 0), Wire.int32(bytes, 8));
  }
}
