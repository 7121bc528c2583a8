package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_init_in}: argument of INIT.
 *
 * @param major of the protocol
 * @param minor of the protocol
 * @param maxReadahead bytes
 * @param flags what the kernel can
 * @param flags2 the upper 32 of them
 */
record InitIn(int major, int minor, int maxReadahead, int flags, int flags2) {
  /** Size on the wire. */
  static final int BYTES = 64;

  /** Writes it to the start of {@code bytes}. */
  void encode(MemorySegment bytes) {
    Wire.int32(bytes, 0, major);
    Wire.int32(bytes, 4, minor);
    Wire.int32(bytes, 8, maxReadahead);
    Wire.int32(bytes, 12, flags);
    Wire.int32(bytes, 16, flags2);
    Wire.int32(bytes, 20, 0);
    Wire.int32(bytes, 24, 0);
    Wire.int32(bytes, 28, 0);
    Wire.int32(bytes, 32, 0);
    Wire.int32(bytes, 36, 0);
    Wire.int32(bytes, 40, 0);
    Wire.int32(bytes, 44, 0);
    Wire.int32(bytes, 48, 0);
    Wire.int32(bytes, 52, 0);
    Wire.int32(bytes, 56, 0);
    Wire.int32(bytes, 60, 0);
  }

  /** FUSE_INIT_EXT: {@code flags2} is valid. */
  static final int EXT = 1 << 30;

  /** Size before protocol 7.36, which brought {@code flags2}. */
  static final int COMPAT_BYTES = 16;

  /** Reads it from all of {@code bytes}, which are {@link #COMPAT_BYTES} or more. */
  static InitIn decode(MemorySegment bytes) {
    int flags = Wire.int32(bytes, 12);
    boolean extended = (flags & EXT) != 0 && bytes.byteSize() >= COMPAT_BYTES + 4;
    return new InitIn(
        Wire.int32(bytes, 0),
        Wire.int32(bytes, 4),
        Wire.int32(bytes, 8),
        flags,
        extended ? Wire.int32(bytes, 16) : 0);
  }
}
