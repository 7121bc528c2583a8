package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_release_in}: argument of RELEASE and RELEASEDIR.
 *
 * @param fh handle that ends
 * @param flags of the open file
 * @param releaseFlags of the protocol
 * @param lockOwner of the caller
 */
record ReleaseIn(long fh, int flags, int releaseFlags, long lockOwner) {
  /** Size on the wire. */
  static final int BYTES = 24;

  /** Reads it from the start of {@code bytes}. */
  static ReleaseIn decode(MemorySegment bytes) {
    return new ReleaseIn(
        Wire.int64(bytes, 0), Wire.int32(bytes, 8), Wire.int32(bytes, 12), Wire.int64(bytes, 16));
  }
}
