package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Numbers on the wire: the host's byte order, any alignment. */
final class Wire {
  private Wire() {}

  static int int16(MemorySegment bytes, long at) {
    return Short.toUnsignedInt(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
  }

  static int int32(MemorySegment bytes, long at) {
    return bytes.get(ValueLayout.JAVA_INT_UNALIGNED, at);
  }

  static long int64(MemorySegment bytes, long at) {
    return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
  }

  static void int16(MemorySegment bytes, long at, int value) {
    bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
  }

  static void int32(MemorySegment bytes, long at, int value) {
    bytes.set(ValueLayout.JAVA_INT_UNALIGNED, at, value);
  }

  static void int64(MemorySegment bytes, long at, long value) {
    bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
  }

  /** FUSE_REC_ALIGN: records of variable length end on a multiple of 8. */
  static int aligned(int bytes) {
    return (bytes + 7) & ~7;
  }
}
