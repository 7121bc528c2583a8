package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * What was negotiated in INIT and matters outside of the protocol.
 *
 * @param epochs whether the kernel knows {@link Notification.IncEpoch}
 * @param passthrough whether it reads backing files
 * @param resends whether it knows {@link Notification.Resend}
 */
public record Capabilities(boolean epochs, boolean passthrough, boolean resends) {
  private static final int EPOCHS_SINCE_MINOR = 44;

  /** By the answer to INIT; nothing when it is not one. */
  public static Capabilities of(byte[] initAnswer) {
    if (initAnswer.length != InitOut.BYTES) {
      return new Capabilities(false, false, false);
    }
    InitOut answer = InitOut.decode(MemorySegment.ofArray(initAnswer));
    return new Capabilities(
        answer.minor() >= EPOCHS_SINCE_MINOR,
        (answer.flags2() & Negotiation.PASSTHROUGH) != 0,
        (answer.flags2() & Negotiation.HAS_RESEND) != 0);
  }
}
