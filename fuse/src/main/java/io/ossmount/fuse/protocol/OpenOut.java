package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_open_out}: answer to OPEN, OPENDIR and, after the entry, CREATE.
 *
 * @param fh handle
 * @param openFlags FOPEN_ flags
 * @param backingId of passthrough; 0 without
 */
record OpenOut(long fh, int openFlags, int backingId) {
  /** Size on the wire. */
  static final int BYTES = 16;

  /** FOPEN_PASSTHROUGH: {@code backingId} is valid. */
  static final int PASSTHROUGH = 1 << 7;

  /** Reads it from the start of {@code bytes}. */
  static OpenOut decode(MemorySegment bytes) {
    return new OpenOut(Wire.int64(bytes, 0), Wire.int32(bytes, 8), Wire.int32(bytes, 12));
  }

  /** Writes it to the start of {@code bytes}. */
  void encode(MemorySegment bytes) {
    Wire.int64(bytes, 0, fh);
    Wire.int32(bytes, 8, openFlags);
    Wire.int32(bytes, 12, backingId);
  }
}
