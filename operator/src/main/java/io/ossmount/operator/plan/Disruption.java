package io.ossmount.operator.plan;

import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedBudget;
import io.ossmount.operator.observe.ObservedPod;
import java.util.Collection;
import java.util.function.Predicate;

/**
 * Which cache pods may not be evicted: those whose node still has volumes. A drain so takes
 * applications first. As long as volumes are attached, and not only as long as there are sessions:
 * a pod that goes before they are detached is made again. So is a pod kept that has to upload what
 * programs were told is written: it is on the node's disk, and reaches OSS from there alone.
 */
final class Disruption {
  private Disruption() {}

  static Plan.Budgets plan(Observed observed, Collection<ObservedPod> kept) {
    var volumeNodes = observed.volumeNodes();
    var wanted =
        kept.stream()
            .filter(pod -> volumeNodes.contains(pod.node()) || serves(observed, pod))
            .toList();
    var there = observed.budgets();
    return new Plan.Budgets(
        wanted.stream().filter(pod -> there.stream().noneMatch(isOf(pod))).toList(),
        there.stream()
            .filter(budget -> wanted.stream().noneMatch(pod -> isOf(pod).test(budget)))
            .toList());
  }

  private static Predicate<ObservedBudget> isOf(ObservedPod pod) {
    return budget -> budget.podUid().equals(pod.uid());
  }

  /** What a pod said before it fell silent would hold up a drain for ever. */
  private static boolean serves(Observed observed, ObservedPod pod) {
    var report = observed.report(pod);
    boolean isNeeded = report.sessions() > 0 || report.pending().objects() > 0;
    return report.failure() == null && isNeeded;
  }
}
