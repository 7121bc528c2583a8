package io.ossmount.operator.plan;

import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Changes of running pods that the API server refused. They are not asked for again at once, but
 * sometimes: policies and quotas change, and so do API servers.
 */
final class Refusals {
  static final Duration HOLDS = Duration.ofMinutes(5);

  private Refusals() {}

  /** Those that still hold, for these pods and this template. */
  static List<Memory.Refusal> inForce(
      Observed observed, Collection<ObservedPod> pods, Template template) {
    return observed.memory().refusals().stream()
        .filter(refusal -> end(refusal).isAfter(observed.now()))
        .filter(refusal -> Template.parse(refusal.template()).hasSame(refusal.part(), template))
        .filter(refusal -> pods.stream().anyMatch(pod -> pod.uid().equals(refusal.podUid())))
        .toList();
  }

  static Instant end(Memory.Refusal refusal) {
    return refusal.at().plus(HOLDS);
  }

  static boolean isOf(Memory.Refusal refusal, ObservedPod pod, String part) {
    return refusal.podUid().equals(pod.uid()) && refusal.part().equals(part);
  }
}
