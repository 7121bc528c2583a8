package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_forget_in}: argument of FORGET.
 *
 * @param nlookup lookups that are taken back
 */
record ForgetIn(long nlookup) {
  /** Size on the wire. */
  static final int BYTES = 8;

  /** Reads it from the start of {@code bytes}. */
  static ForgetIn decode(MemorySegment bytes) {
    return new ForgetIn(Wire.int64(bytes, 0));
  }
}
