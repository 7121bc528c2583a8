package io.ossmount.operator.plan;

import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.ObservedBudget;
import io.ossmount.operator.observe.ObservedPod;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What to do about the cache pods of one OssMount.
 *
 * @param nodes that shall have a cache pod
 * @param unplaced replicas for which there is no node
 * @param pods that are kept, by node
 * @param creations pods to make
 * @param removals pods to delete
 * @param patches pods to change while they run
 * @param pushes annotations to write
 * @param budgets what keeps pods from being evicted
 * @param pending an update of pods that has not come to its end; null: none
 * @param suspension what {@code spec.suspend} comes to
 * @param memory for the next time
 * @param next when to look again at the latest, if nothing happens; null: whenever
 */
public record Plan(
    SortedSet<String> nodes,
    int unplaced,
    SortedMap<String, ObservedPod> pods,
    List<Creation> creations,
    List<Removal> removals,
    List<Patch> patches,
    List<Push> pushes,
    Budgets budgets,
    @Nullable PendingUpdate pending,
    Suspension suspension,
    Memory memory,
    @Nullable Instant next) {

  /** A pod to make. */
  public record Creation(String node, String name) {}

  /**
   * A pod to delete.
   *
   * @param why for the log
   */
  public record Removal(ObservedPod pod, String why) {}

  /**
   * A pod to change in place: kubelet restarts its container, and the pod stays.
   *
   * @param parts of the template that change: {@link Template#IMAGE}, {@link Template#RESOURCES}
   * @param template that it has afterwards, as it stands in its annotation
   */
  public record Patch(ObservedPod pod, List<String> parts, String template) {
    /** Copies. */
    public Patch {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A configuration that a pod shall take up.
   *
   * @param annotation the value to write
   */
  public record Push(ObservedPod pod, String annotation) {}

  /**
   * PodDisruptionBudgets.
   *
   * @param creations pods that get one
   * @param removals those to delete
   */
  public record Budgets(List<ObservedPod> creations, List<ObservedBudget> removals) {
    /** Copies. */
    public Budgets {
      creations = List.copyOf(creations);
      removals = List.copyOf(removals);
    }
  }

  /** Copies. */
  public Plan {
    creations = List.copyOf(creations);
    removals = List.copyOf(removals);
    patches = List.copyOf(patches);
    pushes = List.copyOf(pushes);
  }
}
