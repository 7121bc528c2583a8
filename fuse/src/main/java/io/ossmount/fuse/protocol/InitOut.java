package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_init_out}: answer to INIT.
 *
 * @param major of the protocol
 * @param minor of the protocol
 * @param maxReadahead bytes
 * @param flags what both sides can
 * @param maxBackground requests that no caller waits for, at once
 * @param congestionThreshold of them, from which on the kernel holds back
 * @param maxWrite bytes of a WRITE
 * @param timeGran nanoseconds
 * @param maxPages pages of a request
 * @param mapAlignment of DAX
 * @param flags2 the upper 32 of the flags
 * @param maxStackDepth of passthrough; 0 without
 * @param requestTimeout seconds; 0: none
 */
record InitOut(
    int major,
    int minor,
    int maxReadahead,
    int flags,
    int maxBackground,
    int congestionThreshold,
    int maxWrite,
    int timeGran,
    int maxPages,
    int mapAlignment,
    int flags2,
    int maxStackDepth,
    int requestTimeout) {
  /** Size on the wire. */
  static final int BYTES = 64;

  /** Reads it from the start of {@code bytes}. */
  static InitOut decode(MemorySegment bytes) {
    return new InitOut(
        Wire.int32(bytes, 0),
        Wire.int32(bytes, 4),
        Wire.int32(bytes, 8),
        Wire.int32(bytes, 12),
        Wire.int16(bytes, 16),
        Wire.int16(bytes, 18),
        Wire.int32(bytes, 20),
        Wire.int32(bytes, 24),
        Wire.int16(bytes, 28),
        Wire.int16(bytes, 30),
        Wire.int32(bytes, 32),
        Wire.int32(bytes, 36),
        Wire.int16(bytes, 40));
  }

  /** Writes it to the start of {@code bytes}. */
  void encode(MemorySegment bytes) {
    Wire.int32(bytes, 0, major);
    Wire.int32(bytes, 4, minor);
    Wire.int32(bytes, 8, maxReadahead);
    Wire.int32(bytes, 12, flags);
    Wire.int16(bytes, 16, maxBackground);
    Wire.int16(bytes, 18, congestionThreshold);
    Wire.int32(bytes, 20, maxWrite);
    Wire.int32(bytes, 24, timeGran);
    Wire.int16(bytes, 28, maxPages);
    Wire.int16(bytes, 30, mapAlignment);
    Wire.int32(bytes, 32, flags2);
    Wire.int32(bytes, 36, maxStackDepth);
    Wire.int16(bytes, 40, requestTimeout);
    Wire.int16(bytes, 42, 0);
    Wire.int32(bytes, 44, 0);
    Wire.int32(bytes, 48, 0);
    Wire.int32(bytes, 52, 0);
    Wire.int32(bytes, 56, 0);
    Wire.int32(bytes, 60, 0);
  }
}
