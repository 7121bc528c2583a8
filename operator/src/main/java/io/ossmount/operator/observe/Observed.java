package io.ossmount.operator.observe;

import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.control.PodReport;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of one OssMount at one moment; all else is computed from it.
 *
 * @param spec in effect: with the cluster's defaults in it
 * @param deleting the OssMount is being deleted
 * @param credentials that its spec refers to
 * @param mounts its nested mounts, in the order of the spec
 * @param secret what its cache pods mount now; null: there is no Secret yet
 * @param nodes of the cluster
 * @param pods its cache pods, those that end included
 * @param reports what the pods said last, by UID
 * @param budgets PodDisruptionBudgets of its cache pods
 * @param crowded nodes on which a cache pod ends, and another would find no room beside it
 * @param volumes that use it
 * @param reset of its caches
 * @param aborted by node, of those with volumes whose cache pod says nothing: when the node plugin
 *     last gave one up, as far as there is an Event of it
 * @param forgetting nodes whose writes that are not uploaded are to be given up
 */
public record Observed(
    MountIdentity mount,
    OssMountSpec spec,
    boolean deleting,
    CredentialsLookup credentials,
    List<ObservedNestedMount> mounts,
    @Nullable MountSecretContent secret,
    List<ObservedNode> nodes,
    List<ObservedPod> pods,
    Map<String, PodReport> reports,
    List<ObservedBudget> budgets,
    Set<String> crowded,
    List<ObservedVolume> volumes,
    Map<String, Instant> aborted,
    ObservedReset reset,
    Set<String> forgetting,
    Memory memory,
    Instant now) {

  /** Copies. */
  public Observed {
    mounts = List.copyOf(mounts);
    nodes = List.copyOf(nodes);
    pods = List.copyOf(pods);
    reports = Map.copyOf(reports);
    budgets = List.copyOf(budgets);
    crowded = Set.copyOf(crowded);
    volumes = List.copyOf(volumes);
    aborted = Map.copyOf(aborted);
    forgetting = Set.copyOf(forgetting);
  }

  /**
   * Whether it is known where the bucket is, or was when the pods' Secret was written: before that,
   * there is nothing that a cache pod could do.
   */
  public boolean canBeServed() {
    return spec.endpoint() != null || secret != null;
  }

  /** What a pod said last. */
  public PodReport report(ObservedPod pod) {
    return reports.getOrDefault(pod.uid(), PodReport.NONE);
  }

  /** Nodes on which volumes are attached, or are still in use. */
  public SortedSet<String> volumeNodes() {
    return ObservedVolume.nodes(volumes);
  }

  /** When a cache pod last said something, by node, of those with volumes. */
  public Map<String, Instant> answers() {
    var last = new HashMap<>(memory.answers());
    for (var pod : pods) {
      var answered = report(pod).answered();
      if (answered != null) {
        last.merge(pod.node(), answered, BinaryOperator.maxBy(Comparator.naturalOrder()));
      }
    }
    last.keySet().retainAll(volumeNodes());
    return last;
  }

  /** What waits on the nodes to be uploaded. */
  public PendingUploads uploads() {
    return PendingUploads.of(memory.uploads(), pods, reports, forgetting);
  }

  /**
   * Whether what is given up stays so without the annotation that asks for it: no pod that has
   * fallen silent had told of it.
   */
  public boolean hasForgotten() {
    var told = PendingUploads.of(Map.of(), pods, reports, Set.of());
    return uploads().forgotten().keySet().stream().noneMatch(told::isOn);
  }

  /** What waits on nodes that are not in the cluster any more. */
  public SortedMap<String, PendingFigures> uploadsOfGoneNodes() {
    var gone = new TreeMap<>(uploads().byNode());
    nodes.forEach(node -> gone.remove(node.name()));
    return gone;
  }

  /**
   * Nodes on which volumes are attached, are still in use, or have sessions, or where something
   * waits to be uploaded: only a pod on the node can do that.
   */
  public SortedSet<String> demand() {
    var demand = volumeNodes();
    pods.stream().filter(pod -> report(pod).sessions() > 0).forEach(pod -> demand.add(pod.node()));
    demand.addAll(uploads().byNode().keySet());
    return demand;
  }
}
