package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_interrupt_in}: argument of INTERRUPT.
 *
 * @param unique request whose caller no longer waits
 */
record InterruptIn(long unique) {
  /** Size on the wire. */
  static final int BYTES = 8;

  /** Reads it from the start of {@code bytes}. */
  static InterruptIn decode(MemorySegment bytes) {
    return new InterruptIn(Wire.int64(bytes, 0));
  }
}
