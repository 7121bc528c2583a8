package io.ossmount.operator.apply;

import io.ossmount.operator.observe.ObservedPod;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of applying a plan.
 *
 * @param created pods that were made, as the API server gave them back
 * @param rejected by node: why the API server refused its pod, in the words of quota, admission or
 *     validation
 */
public record Outcome(List<ObservedPod> created, SortedMap<String, String> rejected) {
  /** Copies. */
  public Outcome {
    created = List.copyOf(created);
    rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
  }
}
