package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_out_header}: begins every answer and notification.
 *
 * @param len bytes of the answer, this header included
 * @param error 0, a negated errno, or the code of a notification
 * @param unique request that is answered; 0 in a notification
 */
public record OutHeader(int len, int error, long unique) {
  /** Size on the wire. */
  public static final int BYTES = 16;

  /** Reads it from the start of {@code bytes}. */
  public static OutHeader decode(MemorySegment bytes) {
    return new OutHeader(Wire.int32(bytes, 0), Wire.int32(bytes, 4), Wire.int64(bytes, 8));
  }

  /** Writes it to the start of {@code bytes}. */
  public void encode(MemorySegment bytes) {
    Wire.int32(bytes, 0, len);
    Wire.int32(bytes, 4, error);
    Wire.int64(bytes, 8, unique);
  }
}
