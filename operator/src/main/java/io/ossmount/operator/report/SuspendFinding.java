package io.ossmount.operator.report;

import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.plan.Suspension;
import java.util.List;
import java.util.Optional;

/** Tells what became of {@code spec.suspend}. */
final class SuspendFinding {
  private static final String TYPE = Reasons.SUSPENDED;

  private SuspendFinding() {}

  /** The condition; empty: the spec does not ask for it. */
  static Optional<Finding> of(Observed observed, Suspension suspension) {
    return switch (suspension) {
      case Suspension.NotAsked _ -> Optional.empty();
      case Suspension.InUse(List<String> volumes) -> Optional.of(inUse(observed, volumes));
      case Suspension.Holding _ ->
          Optional.of(
              observed.pods().isEmpty()
                  ? Finding.yes(
                      TYPE,
                      Reasons.SUSPENDED,
                      "no cache pod runs; what is cached stays on the nodes")
                  : Finding.no(
                      TYPE,
                      Reasons.ENDING,
                      "cache pods have still to end: %d".formatted(observed.pods().size())));
    };
  }

  private static Finding inUse(Observed observed, List<String> volumes) {
    if (!volumes.isEmpty()) {
      return Finding.no(
          TYPE,
          Reasons.VOLUMES_IN_USE,
          "spec.suspend waits while volumes are in use, and serving goes on: "
              + Names.some(volumes));
    }
    var pending = PendingFinding.here(observed);
    return !pending.isEmpty()
        ? Finding.no(
            TYPE,
            Reasons.UPLOADING,
            "spec.suspend waits for %s that were written and are not in OSS yet"
                .formatted(PendingFinding.amount(PendingFinding.sum(pending))))
        : Finding.no(
            TYPE,
            Reasons.VOLUMES_IN_USE,
            "spec.suspend waits until all cache pods say that nothing of them is in use");
  }

  /** The Ready condition while it holds; empty: it does not. */
  static Optional<Finding> ready(Suspension suspension) {
    return suspension instanceof Suspension.Holding(List<String> waiting)
        ? Optional.of(
            Finding.no(
                Reasons.READY,
                Reasons.SUSPENDED,
                "spec.suspend is true: no cache pod runs, and no volume is served until it is false"
                    + (waiting.isEmpty() ? "" : "; waiting: " + Names.some(waiting))))
        : Optional.empty();
  }
}
