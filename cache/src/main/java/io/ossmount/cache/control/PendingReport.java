package io.ossmount.cache.control;

import com.google.protobuf.Timestamp;
import io.ossmount.proto.control.v1.Conflict;
import io.ossmount.proto.control.v1.PendingWrites;
import java.time.Instant;
import java.util.Optional;

/**
 * What was acknowledged and is not in OSS yet, as the operator is told.
 *
 * @param bytes that were written
 * @param objects files that wait
 * @param oldest since when the oldest of them waits
 * @param conflicts files that somebody else had written as well, since start
 * @param lastConflict the latest of these
 */
public record PendingReport(
    long bytes,
    long objects,
    Optional<Instant> oldest,
    long conflicts,
    Optional<Both> lastConflict) {
  /** There is none. */
  public static final PendingReport NONE =
      new PendingReport(0, 0, Optional.empty(), 0, Optional.empty());

  /** The key that the other version has, and where this node's is. */
  public record Both(String key, String kept, Instant time) {}

  PendingWrites message() {
    PendingWrites.Builder message =
        PendingWrites.newBuilder().setBytes(bytes).setObjects(objects).setConflicts(conflicts);
    oldest.ifPresent(since -> message.setOldest(timestamp(since)));
    lastConflict.ifPresent(both ->
        message.setLastConflict(
            Conflict.newBuilder()
                .setKey(both.key)
                .setKept(both.kept)
                .setTime(timestamp(both.time))));
    return message.build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
