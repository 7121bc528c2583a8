package io.ossmount.chaos;

import io.ossmount.chaos.fault.FaultKind;
import io.ossmount.chaos.judge.Pauses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a pause has to be for nearly all faults of a kind. What is allowed of one leaves room for a
 * machine that is busy just then; this does not. Pure.
 */
final class Targets {
  /** Of fewer, p99 says little. */
  static final int ENOUGH_FAULTS = 20;

  private static final int PERCENT = 99;

  private Targets() {}

  /** Rows that are over their target; one line each. */
  static List<String> missed(Map<String, List<Finding>> rows, List<? extends FaultKind<?>> kinds) {
    var missed = new ArrayList<String>();
    for (var kind : kinds) {
      var findings = rows.getOrDefault(kind.title(), List.of());
      var p99 = Pauses.percentile(Results.longest(findings), PERCENT);
      kind.target()
          .filter(_ -> findings.size() >= ENOUGH_FAULTS)
          .filter(target -> p99.compareTo(target) > 0)
          .ifPresent(target ->
              missed.add(
                  "%s: the target: p99 of the longest pauses of %d is %d ms, over %d ms"
                      .formatted(
                          kind.title(), findings.size(), p99.toMillis(), target.toMillis())));
    }
    return missed;
  }
}
