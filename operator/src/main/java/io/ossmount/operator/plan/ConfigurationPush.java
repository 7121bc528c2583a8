package io.ossmount.operator.plan;

import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gets a changed configuration to running pods soon.
 *
 * <p>Problem: kubelet refreshes a Secret volume when it syncs the pod, which by itself it does
 * about once a minute, and it may then still have the Secret's old content in its cache. Solution:
 * a changed annotation makes it sync at once; when the pod has not taken the configuration up some
 * seconds later, the annotation is changed again, at growing intervals. Cost: one patch per pod and
 * change.
 *
 * @param pushes to be made now
 * @param memory for the next time
 * @param next when to look again
 */
record ConfigurationPush(
    List<Plan.Push> pushes, Map<String, Memory.Push> memory, Optional<Instant> next) {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final int MAX_DOUBLINGS = 4;

  static ConfigurationPush plan(Observed observed, Collection<ObservedPod> pods, String hash) {
    var pushes = new ArrayList<Plan.Push>();
    var memory = new HashMap<String, Memory.Push>();
    for (var pod : pods) {
      if (!hashOf(pod.configuration()).equals(hash)) {
        pushes.add(new Plan.Push(pod, hash));
        memory.put(pod.uid(), new Memory.Push(hash, 0, observed.now()));
      } else if (lags(observed, pod, hash)) {
        var known = observed.memory().pushes().get(pod.uid());
        var last =
            known != null && known.hash().equals(hash)
                ? known
                : new Memory.Push(hash, attemptOf(pod.configuration()), observed.now());
        var push = again(last, observed.now());
        if (push.attempt() != last.attempt()) {
          pushes.add(new Plan.Push(pod, hash + "-" + push.attempt()));
        }
        memory.put(pod.uid(), push);
      }
    }
    var next = memory.values().stream().map(ConfigurationPush::due).min(Instant::compareTo);
    pods.forEach(pod -> keepUnanswered(observed, pod, hash, memory));
    return new ConfigurationPush(pushes, memory, next);
  }

  /** When a pod that starts says at last that it has an older one, the next push is due already. */
  private static void keepUnanswered(
      Observed observed, ObservedPod pod, String hash, Map<String, Memory.Push> memory) {
    var known = observed.memory().pushes().get(pod.uid());
    if (known != null
        && known.hash().equals(hash)
        && !observed.report(pod).configurationHash().equals(hash)) {
      memory.putIfAbsent(pod.uid(), known);
    }
  }

  private static boolean lags(Observed observed, ObservedPod pod, String hash) {
    var report = observed.report(pod);
    return report.answered() != null
        && report.failure() == null
        && !report.configurationHash().equals(hash);
  }

  private static Memory.Push again(Memory.Push last, Instant now) {
    return due(last).isAfter(now) ? last : new Memory.Push(last.hash(), last.attempt() + 1, now);
  }

  private static Instant due(Memory.Push push) {
    return push.at().plus(FIRST_WAIT.multipliedBy(1L << Math.min(push.attempt(), MAX_DOUBLINGS)));
  }

  private static String hashOf(String annotation) {
    int dash = annotation.indexOf('-');
    return dash < 0 ? annotation : annotation.substring(0, dash);
  }

  private static int attemptOf(String annotation) {
    int dash = annotation.indexOf('-');
    try {
      return dash < 0 ? 0 : Integer.parseInt(annotation.substring(dash + 1));
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
