package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_open_in}: argument of OPEN and OPENDIR.
 *
 * @param flags of open(2)
 * @param openFlags of the protocol; none are negotiated
 */
record OpenIn(int flags, int openFlags) {
  /** Size on the wire. */
  static final int BYTES = 8;

  /** Reads it from the start of {@code bytes}. */
  static OpenIn decode(MemorySegment bytes) {
    return new OpenIn(Wire.int32(bytes, 0), Wire.int32(bytes, 4));
  }
}
