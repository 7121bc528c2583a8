package io.ossmount.operator.plan;

import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which nodes shall have a cache pod: those in demand, and as many more as the replicas ask for.
 *
 * <p>The others are chosen by rendezvous hashing (Thaler and Ravishankar, 1996): each node has a
 * score that follows from OssMount and node alone, and the highest win. So OssMounts spread over
 * the nodes, and a node that comes or goes moves no other's pod; a pod that is there stays where it
 * is, whatever its score.
 *
 * @param nodes that shall have one
 * @param unplaced replicas for which there is no node
 */
record Placement(SortedSet<String> nodes, int unplaced) {
  static Placement of(Observed observed, Set<String> hosting) {
    var known =
        observed.nodes().stream().map(ObservedNode::name).collect(Collectors.toUnmodifiableSet());
    var nodes = new TreeSet<>(observed.demand());
    // A pod for a node that is gone would be pending for ever.
    nodes.retainAll(known);
    int replicas = observed.spec().cache().replicas();
    for (var node : candidates(observed, hosting)) {
      if (nodes.size() >= replicas) {
        break;
      }
      nodes.add(node.name());
    }
    return new Placement(nodes, Math.max(0, replicas - nodes.size()));
  }

  private static List<ObservedNode> candidates(Observed observed, Set<String> hosting) {
    var selector = observed.spec().cache().nodeSelector();
    return observed.nodes().stream()
        .filter(node -> node.schedulable() && matches(selector, node))
        .sorted(
            Comparator.comparing((ObservedNode node) -> !hosting.contains(node.name()))
                .thenComparing(ObservedNode::tainted)
                .thenComparing(
                    node -> Hashes.sha256(observed.mount().uid() + "/" + node.name()),
                    Comparator.reverseOrder()))
        .toList();
  }

  private static boolean matches(Map<String, String> selector, ObservedNode node) {
    return node.labels().entrySet().containsAll(selector.entrySet());
  }
}
