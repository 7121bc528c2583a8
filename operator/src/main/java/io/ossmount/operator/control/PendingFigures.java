package io.ossmount.operator.control;

import io.ossmount.proto.control.v1.PendingWrites;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What programs were told is written and is not in OSS yet.
 *
 * @param bytes that were written
 * @param objects how many wait
 * @param oldest since when the oldest waits; null: none does
 * @param lastConflict the latest object that somebody else had written as well; null: there was
 *     none
 */
public record PendingFigures(
    long bytes, long objects, @Nullable Instant oldest, @Nullable Conflict lastConflict) {
  /** Nothing. */
  public static final PendingFigures NONE = new PendingFigures(0, 0, null, null);

  /** The other's object, and where the bytes of the node are. */
  public record Conflict(String key, String kept) {}

  static PendingFigures of(PendingWrites pending) {
    var conflict = pending.getLastConflict();
    return new PendingFigures(
        pending.getBytes(),
        pending.getObjects(),
        pending.hasOldest()
            ? Instant.ofEpochSecond(
                pending.getOldest().getSeconds(), pending.getOldest().getNanos())
            : null,
        pending.hasLastConflict() ? new Conflict(conflict.getKey(), conflict.getKept()) : null);
  }

  /** The sums, and the older of both; of conflicts this one's, if it has one. */
  public PendingFigures plus(PendingFigures other) {
    return new PendingFigures(
        bytes + other.bytes,
        objects + other.objects,
        older(oldest, other.oldest),
        lastConflict == null ? other.lastConflict : lastConflict);
  }

  /** The same, without what was said of a conflict. */
  public PendingFigures withoutConflict() {
    return new PendingFigures(bytes, objects, oldest, null);
  }

  private static @Nullable Instant older(@Nullable Instant one, @Nullable Instant two) {
    if (one == null || two == null) {
      return one == null ? two : one;
    }
    return one.isBefore(two) ? one : two;
  }
}
