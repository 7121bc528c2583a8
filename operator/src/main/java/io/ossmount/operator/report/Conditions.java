package io.ossmount.operator.report;

import io.ossmount.api.v1alpha1.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Makes conditions of findings; the one place that does. */
public final class Conditions {
  private Conditions() {}

  /**
   * The conditions, in the order of the findings. One whose status has not changed keeps its time
   * of transition.
   *
   * @param before conditions of the status so far
   * @param generation of the spec that the findings speak of
   */
  public static List<Condition> merge(
      List<Condition> before, List<Finding> findings, long generation, Instant now) {
    return findings.stream().map(finding -> merge(before, finding, generation, now)).toList();
  }

  private static Condition merge(
      List<Condition> before, Finding finding, long generation, Instant now) {
    var since =
        before.stream()
            .filter(old -> old.type().equals(finding.type()) && old.status() == finding.status())
            .map(Condition::lastTransitionTime)
            .findFirst()
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new Condition(
        finding.type(), finding.status(), finding.reason(), finding.message(), generation, since);
  }
}
