package io.ossmount.operator.observe;

import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.operator.control.PendingFigures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the operator remembers of an OssMount between two reconciliations, because nothing in the
 * cluster says it. Lost with the operator, where not said otherwise: an idle pod then stays a
 * little longer, a configuration is pushed once more, a pod that was just changed counts as back
 * when it is ready, a node whose pod is away as never healed. Immutable.
 *
 * @param idleSince by node: since when its pod has had nothing to do
 * @param pushes by pod UID: the configuration that the pod's annotation was last given
 * @param updates by pod UID: changes in place that have not come to their end
 * @param refusals changes in place that the API server refused lately
 * @param endings by node: pods that ended there lately
 * @param suspended {@code spec.suspend} has begun to hold; that much, the status knows as well
 * @param uploads by node: what was last known to wait on its disk, if anything; the status knows it
 *     as well
 * @param answers by node: when its cache pod last said something
 */
public record Memory(
    Map<String, Instant> idleSince,
    Map<String, Push> pushes,
    Map<String, Update> updates,
    List<Refusal> refusals,
    Map<String, Endings> endings,
    boolean suspended,
    Map<String, PendingFigures> uploads,
    Map<String, Instant> answers) {
  /** Of an OssMount that is seen for the first time. */
  public static final Memory NONE =
      new Memory(Map.of(), Map.of(), Map.of(), List.of(), Map.of(), false, Map.of(), Map.of());

  /** Copies. */
  public Memory {
    idleSince = Map.copyOf(idleSince);
    pushes = Map.copyOf(pushes);
    updates = Map.copyOf(updates);
    refusals = List.copyOf(refusals);
    endings = Map.copyOf(endings);
    uploads = Map.copyOf(uploads);
    answers = Map.copyOf(answers);
  }

  /** The same with more refusals. */
  public Memory refused(List<Refusal> more) {
    return new Memory(
        idleSince,
        pushes,
        updates,
        Stream.concat(refusals.stream(), more.stream()).toList(),
        endings,
        suspended,
        uploads,
        answers);
  }

  /** The same, with this suspension. */
  public Memory withSuspended(boolean isSuspended) {
    return new Memory(idleSince, pushes, updates, refusals, endings, isSuspended, uploads, answers);
  }

  /** The same, with this waiting on the nodes. */
  public Memory withUploads(Map<String, PendingFigures> waiting) {
    return new Memory(idleSince, pushes, updates, refusals, endings, suspended, waiting, answers);
  }

  /** The same, with these last answers. */
  public Memory withAnswers(Map<String, Instant> last) {
    return new Memory(idleSince, pushes, updates, refusals, endings, suspended, uploads, last);
  }

  /**
   * Of an OssMount that this operator sees for the first time, and another may have seen before.
   */
  public static Memory of(@Nullable OssMountStatus status) {
    boolean isSuspended =
        status != null
            && status.conditions().stream()
                .anyMatch(condition ->
                    condition.type().equals(Condition.SUSPENDED)
                        && condition.status() == Condition.Status.True);
    return NONE.withSuspended(isSuspended).withUploads(StatedUploads.in(status));
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
