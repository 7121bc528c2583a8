package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_forget_one}: one node of BATCH_FORGET.
 *
 * @param nodeid node
 * @param nlookup lookups that are taken back
 */
record ForgetOne(long nodeid, long nlookup) {
  /** Size on the wire. */
  static final int BYTES = 16;

  /** Reads it from the start of {@code bytes}. */
  static ForgetOne decode(MemorySegment bytes) {
    return new ForgetOne(Wire.int64(bytes, 0), Wire.int64(bytes, 8));
  }
}
