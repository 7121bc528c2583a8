package io.ossmount.operator.plan;

import io.ossmount.operator.observe.Memory;
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
 * @param pushes annotations to write
 * @param pending an update of pods that has not been made; null: none
 * @param memory for the next time
 * @param next when to look again at the latest, if nothing happens; null: whenever
 */
public record Plan(
    SortedSet<String> nodes,
    int unplaced,
    SortedMap<String, ObservedPod> pods,
    List<Creation> creations,
    List<Removal> removals,
    List<Push> pushes,
    @Nullable PendingUpdate pending,
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
   * A configuration that a pod shall take up.
   *
   * @param annotation the value to write
   */
  public record Push(ObservedPod pod, String annotation) {}

  /**
   * Pods that do not have the template they should.
   *
   * @param parts of the template that differ
   * @param volumes that make the update wait; empty: nothing does, pods are replaced one at a time
   */
  public record PendingUpdate(List<String> parts, List<String> volumes) {}

  /** Copies. */
  public Plan {
    creations = List.copyOf(creations);
    removals = List.copyOf(removals);
    pushes = List.copyOf(pushes);
  }
}
