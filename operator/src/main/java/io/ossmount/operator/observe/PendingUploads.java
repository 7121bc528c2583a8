package io.ossmount.operator.observe;

import static java.util.Objects.requireNonNullElse;

import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.control.PodReport;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What programs were told is written, and waits on the disks of nodes to be uploaded.
 *
 * <p>Problem: the bytes outlive the cache pod that told of them, and only a cache pod on the same
 * node can upload them. Solution: of a node whose pod has not answered yet, or that has no pod,
 * what was last known counts. It ends when a pod there says that nothing waits, or when an
 * administrator gives it up.
 *
 * @param byNode figures of each node where something waits
 * @param answering nodes whose pod answers now
 * @param forgotten what is given up, by node: it is not among the others
 */
public record PendingUploads(
    SortedMap<String, PendingFigures> byNode,
    SortedSet<String> answering,
    SortedMap<String, PendingFigures> forgotten) {

  /** Copies. */
  public PendingUploads {
    byNode = Collections.unmodifiableSortedMap(new TreeMap<>(byNode));
    answering = Collections.unmodifiableSortedSet(new TreeSet<>(answering));
    forgotten = Collections.unmodifiableSortedMap(new TreeMap<>(forgotten));
  }

  /**
   * Of an OssMount.
   *
   * @param remembered by node: what was last known
   * @param reports of the pods, by UID
   * @param forgetting nodes that are to be given up; has no effect on those whose pod answers
   */
  public static PendingUploads of(
      Map<String, PendingFigures> remembered,
      Collection<ObservedPod> pods,
      Map<String, PodReport> reports,
      Set<String> forgetting) {
    var told = new TreeMap<String, PendingFigures>();
    var answering = new TreeSet<String>();
    for (var pod : pods) {
      var report = reports.getOrDefault(pod.uid(), PodReport.NONE);
      if (report.answered() == null) {
        continue;
      }
      told.merge(pod.node(), report.pending().withoutConflict(), PendingFigures::plus);
      if (report.failure() == null) {
        answering.add(pod.node());
      }
    }
    var byNode = new TreeMap<>(remembered);
    byNode.putAll(told);
    byNode.values().removeIf(figures -> figures.objects() == 0);
    var forgotten = new TreeMap<>(byNode);
    forgotten.keySet().retainAll(forgetting);
    forgotten.keySet().removeAll(answering);
    byNode.keySet().removeAll(forgotten.keySet());
    return new PendingUploads(byNode, answering, forgotten);
  }

  /**
   * The nodes that {@link Annotations#FORGET_PENDING} of an OssMount names; empty without it. What
   * is no node's name is as good as that of a node where nothing waits.
   */
  public static Set<String> forgetting(OssMount mount) {
    var annotations =
        requireNonNullElse(mount.getMetadata().getAnnotations(), Map.<String, String>of());
    return Stream.of(annotations.getOrDefault(Annotations.FORGET_PENDING, "").split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** All nodes together. */
  public PendingFigures total() {
    return byNode.values().stream().reduce(PendingFigures.NONE, PendingFigures::plus);
  }

  /** Whether nothing waits anywhere. */
  public boolean isEmpty() {
    return byNode.isEmpty();
  }

  /** Whether something waits on this node. */
  public boolean isOn(String node) {
    return byNode.containsKey(node);
  }
}
