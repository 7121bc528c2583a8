package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_create_in}: argument of CREATE.
 *
 * @param flags of open(2)
 * @param mode type and permissions, umask applied
 * @param umask of the caller
 * @param openFlags of the protocol; none are negotiated
 */
record CreateIn(int flags, int mode, int umask, int openFlags) {
  /** Size on the wire. */
  static final int BYTES = 16;

  /** Reads it from the start of {@code bytes}. */
  static CreateIn decode(MemorySegment bytes) {
    return new CreateIn(
        Wire.int32(bytes, 0), Wire.int32(bytes, 4), Wire.int32(bytes, 8), Wire.int32(bytes, 12));
  }
}
