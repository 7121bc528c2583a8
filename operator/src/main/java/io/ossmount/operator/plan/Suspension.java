package io.ossmount.operator.plan;

import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedVolume;
import java.util.HashSet;
import java.util.List;

/**
 * What {@code spec.suspend} comes to.
 *
 * <p>It begins when nothing is in use: no volume is attached or still mounted, no cache pod has a
 * session, and nothing waits to be uploaded, except on nodes that are gone: no cache pod that ends
 * would do it. Once it has begun, a volume that is attached waits: its node gets no cache pod. A
 * pod that has a session all the same, because it was mounted in that moment, ends the suspension:
 * pods with sessions are never ended.
 */
public sealed interface Suspension {
  /** The spec does not ask for it. */
  record NotAsked() implements Suspension {}

  /**
   * It waits, and serving goes on.
   *
   * @param volumes in use; none: for what has to be uploaded, or may have to be
   */
  record InUse(List<String> volumes) implements Suspension {
    /** Copies. */
    public InUse {
      volumes = List.copyOf(volumes);
    }
  }

  /**
   * It holds: no node has a cache pod.
   *
   * @param waiting volumes that are attached, and wait until it ends
   */
  record Holding(List<String> waiting) implements Suspension {
    /** Copies. */
    public Holding {
      waiting = List.copyOf(waiting);
    }
  }

  /** Of an OssMount; whether it has begun is in the operator's memory. */
  static Suspension of(Observed observed) {
    if (!observed.spec().suspend()) {
      return new NotAsked();
    }
    boolean hasSessions =
        observed.pods().stream()
            .anyMatch(pod -> !pod.ended() && observed.report(pod).sessions() > 0);
    boolean begins =
        observed.memory().suspended() || (isUnused(observed) && hasEveryPodBeenAsked(observed));
    return begins && !hasSessions
        ? new Holding(volumes(observed, false))
        : new InUse(volumes(observed, hasSessions));
  }

  private static boolean isUnused(Observed observed) {
    var demand = new HashSet<>(observed.demand());
    observed.uploadsOfGoneNodes().keySet().stream()
        .filter(node -> !observed.volumeNodes().contains(node))
        .forEach(demand::remove);
    return demand.isEmpty();
  }

  /** Before that it is not known what it has to upload: so when the operator has just started. */
  private static boolean hasEveryPodBeenAsked(Observed observed) {
    return observed.pods().stream()
        .filter(pod -> !pod.ended() && !pod.terminating() && pod.address() != null)
        .map(observed::report)
        .noneMatch(report -> report.answered() == null && report.failure() == null);
  }

  /** Of a session it is not known which volume it has, so that each may be in use. */
  private static List<String> volumes(Observed observed, boolean hasSessions) {
    var attached = observed.volumes().stream().filter(volume -> !volume.nodes().isEmpty()).toList();
    var inUse = attached.isEmpty() && hasSessions ? observed.volumes() : attached;
    return inUse.stream().map(ObservedVolume::name).toList();
  }
}
