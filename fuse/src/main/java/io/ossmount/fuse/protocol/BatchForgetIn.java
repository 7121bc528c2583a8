package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_batch_forget_in}: argument of BATCH_FORGET.
 *
 * @param count how many {@link ForgetOne} follow
 */
record BatchForgetIn(int count) {
  /** Size on the wire. */
  static final int BYTES = 8;

  /** Reads it from the start of {@code bytes}. */
  static BatchForgetIn decode(MemorySegment bytes) {
    return new BatchForgetIn(Wire.int32(bytes, 0));
  }
}
