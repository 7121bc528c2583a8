package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_rename_in}: argument of RENAME.
 *
 * @param newdir directory of the new name
 */
record RenameIn(long newdir) {
  /** Size on the wire. */
  static final int BYTES = 8;

  /** Reads it from the start of {@code bytes}. */
  static RenameIn decode(MemorySegment bytes) {
    return new RenameIn(Wire.int64(bytes, 0));
  }
}
