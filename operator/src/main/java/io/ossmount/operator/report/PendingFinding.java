package io.ossmount.operator.report;

import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.observe.Observed;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells of what programs were told is written and is not in OSS yet. There is no such condition
 * where all writes are Through and nothing waits.
 */
final class PendingFinding {
  /** What goes up sooner is no news. */
  static final Duration USUAL = Duration.ofMinutes(1);

  private static final String TYPE = Reasons.WRITES_PENDING;

  private PendingFinding() {}

  static Optional<Finding> of(Observed observed) {
    var pending = observed.pending();
    boolean isAsync = observed.spec().write().mode() == WriteMode.Async;
    if (pending.objects() == 0 && !isAsync) {
      return Optional.empty();
    }
    var oldest = pending.oldest();
    if (oldest == null || oldest.plus(USUAL).isAfter(observed.now())) {
      return Optional.of(
          Finding.no(TYPE, Reasons.UPLOADED, "no write waits for OSS for more than a minute"));
    }
    boolean isUnreachable =
        observed.pods().stream()
            .map(observed::report)
            .filter(report -> report.pending().objects() > 0)
            .anyMatch(report -> report.failure() == null && !report.store().isReachable());
    var since = "since " + oldest.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    return Optional.of(
        isUnreachable
            ? Finding.yes(
                TYPE,
                Reasons.STORE_UNREACHABLE,
                "%d objects (%s) wait on the nodes' disks until the bucket can be reached, the oldest %s"
                    .formatted(pending.objects(), Bytes.quantity(pending.bytes()), since))
            : Finding.yes(
                TYPE,
                Reasons.UPLOADING,
                "%d objects (%s) go up, the oldest waits %s"
                    .formatted(pending.objects(), Bytes.quantity(pending.bytes()), since)));
  }

  /** What an Event says of a conflict. */
  static String conflict(PendingFigures.Conflict conflict) {
    return ("%s was replaced or removed elsewhere before what was written here was uploaded: both are"
            + " kept, what was written here as %s")
        .formatted(conflict.key(), conflict.kept());
  }

  /** What deletion waits for. */
  static String blocking(PendingFigures pending) {
    return pending.objects() == 0
        ? "deletion waits until the cache pods have said what they have to upload"
        : "deletion waits for %d objects (%s) that were written and are not in OSS yet"
            .formatted(pending.objects(), Bytes.quantity(pending.bytes()));
  }
}
