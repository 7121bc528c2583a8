package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.Node;
import java.util.Map;
import java.util.Objects;

/**
 * A node, as far as placing cache pods goes.
 *
 * @param ready kubelet is there and takes pods
 * @param schedulable ready, and not cordoned
 * @param tainted keeps pods away that do not tolerate it; ours do, but have a choice
 */
public record ObservedNode(
    String name, Map<String, String> labels, boolean ready, boolean schedulable, boolean tainted) {
  /** Reads a node. */
  public static ObservedNode of(Node node) {
    var spec = node.getSpec();
    boolean cordoned = spec != null && Boolean.TRUE.equals(spec.getUnschedulable());
    boolean tainted =
        spec != null
            && spec.getTaints().stream()
                .anyMatch(taint -> !"PreferNoSchedule".equals(taint.getEffect()));
    boolean ready =
        node.getStatus() != null
            && node.getStatus().getConditions().stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    var labels =
        Objects.requireNonNullElseGet(node.getMetadata().getLabels(), Map::<String, String>of);
    return new ObservedNode(
        node.getMetadata().getName(), Map.copyOf(labels), ready, ready && !cordoned, tainted);
  }
}
