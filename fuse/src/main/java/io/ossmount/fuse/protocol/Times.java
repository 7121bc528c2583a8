package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;

/** Times on the wire: seconds and, elsewhere in the record, nanoseconds. */
final class Times {
  private static final int NANOS_MAX = 999_999_999;

  private Times() {}

  /** The time, or the nearest one that Java has. */
  static Instant instant(long seconds, int nanos) {
    long known = Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond());
    return Instant.ofEpochSecond(known, Math.clamp(Integer.toUnsignedLong(nanos), 0, NANOS_MAX));
  }

  static void encode(Instant time, MemorySegment bytes, long secondsAt, long nanosAt) {
    Wire.int64(bytes, secondsAt, time.getEpochSecond());
    Wire.int32(bytes, nanosAt, time.getNano());
  }

  /** A validity; a negative one is none. */
  static void encode(Duration validity, MemorySegment bytes, long secondsAt, long nanosAt) {
    Wire.int64(bytes, secondsAt, validity.isNegative() ? 0 : validity.getSeconds());
    Wire.int32(bytes, nanosAt, validity.isNegative() ? 0 : validity.getNano());
  }
}
