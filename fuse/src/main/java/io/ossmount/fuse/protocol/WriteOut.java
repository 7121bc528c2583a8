package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_write_out}: answer to WRITE.
 *
 * @param size bytes written
 */
record WriteOut(int size) {
  /** Size on the wire. */
  static final int BYTES = 8;

  /** Reads it from the start of {@code bytes}. */
  static WriteOut decode(MemorySegment bytes) {
    return new WriteOut(Wire.int32(bytes, 0));
  }

  /** Writes it to the start of {@code bytes}. */
  void encode(MemorySegment bytes) {
    Wire.int32(bytes, 0, size);
    Wire.int32(bytes, 4, 0);
  }
}
