package io.ossmount.operator.observe;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the operator remembers of an OssMount between two reconciliations, because nothing in the
 * cluster says it. Lost with the operator: an idle pod then stays a little longer, a configuration
 * is pushed once more, a pod that was just changed counts as back when it is ready. Immutable.
 *
 * @param idleSince by node: since when its pod has had nothing to do
 * @param pushes by pod UID: the configuration that the pod's annotation was last given
 * @param updates by pod UID: changes in place that have not come to their end
 * @param refusals changes in place that the API server refused lately
 * @param endings by node: pods that ended there lately
 */
public record Memory(
    Map<String, Instant> idleSince,
    Map<String, Push> pushes,
    Map<String, Update> updates,
    List<Refusal> refusals,
    Map<String, Endings> endings) {
  /** Of an OssMount that is seen for the first time. */
  public static final Memory NONE = new Memory(Map.of(), Map.of(), Map.of(), List.of(), Map.of());

  /** Copies. */
  public Memory {
    idleSince = Map.copyOf(idleSince);
    pushes = Map.copyOf(pushes);
    updates = Map.copyOf(updates);
    refusals = List.copyOf(refusals);
    endings = Map.copyOf(endings);
  }

  /** The same with more refusals. */
  public Memory refused(List<Refusal> more) {
    return new Memory(
        idleSince,
        pushes,
        updates,
        Stream.concat(refusals.stream(), more.stream()).toList(),
        endings);
  }

  /**
   * A configuration that a pod's annotation was given.
   *
   * @param hash of the configuration
   * @param attempt 0: the first
   */
  public record Push(String hash, int attempt, Instant at) {}

  /**
   * A change of a running pod.
   *
   * @param sessions that it served before
   */
  public record Update(int sessions, Instant at) {}

  /**
   * A change of a running pod that was refused.
   *
   * @param podUid of the pod
   * @param part of its template
   * @param template that the pod would have had, as it stands in its annotation
   * @param why in the API server's words
   */
  public record Refusal(String podUid, String part, String template, String why, Instant at) {}

  /**
   * Pods of a node that ended, each soon after the one before.
   *
   * @param count how many were replaced
   * @param last when the last one was
   */
  public record Endings(int count, Instant last) {}
}
