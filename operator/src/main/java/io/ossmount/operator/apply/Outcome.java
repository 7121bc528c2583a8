package io.ossmount.operator.apply;

import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.plan.Plan.Patch;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of applying a plan.
 *
 * @param created pods that were made, as the API server gave them back
 * @param rejected by node: why the API server refused its pod, in the words of quota, admission or
 *     validation
 * @param refused changes of running pods that the API server does not allow
 * @param secretRejection why it refused the Secret that pods mount; empty: it did not
 */
public record Outcome(
    List<ObservedPod> created,
    SortedMap<String, String> rejected,
    List<Refused> refused,
    Optional<String> secretRejection) {
  /**
   * A change of a running pod that the API server does not allow.
   *
   * @param part of the pod's template
   * @param why in its words
   */
  public record Refused(Patch patch, String part, String why) {}

  /** Copies. */
  public Outcome {
    created = List.copyOf(created);
    refused = List.copyOf(refused);
    rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
  }

  /** Of a plan that was not carried out. */
  public static Outcome nothing() {
    return new Outcome(List.of(), Collections.emptySortedMap(), List.of(), Optional.empty());
  }

  /** Of a plan whose Secret was refused: no pod was touched. */
  public static Outcome secretRejected(String why) {
    return new Outcome(List.of(), Collections.emptySortedMap(), List.of(), Optional.of(why));
  }
}
