package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.Resources;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Whether a node has room for one cache pod more.
 *
 * <p>Problem: a new cache pod that finds no room beside the one before, which still ends, makes the
 * scheduler preempt pods of less priority, such as the applications that it is there for. Solution:
 * count before one is made. Cost: the pods of that node are asked for, only while one ends there.
 */
final class NodeRoom {
  private static final String PODS = "pods";
  private static final Map<String, Quantity> ONE_POD = Map.of(PODS, Quantity.parse("1"));

  private NodeRoom() {}

  /**
   * Whether the scheduler finds room. Rather says no: init containers are counted as if they ran
   * all at once.
   *
   * @param pods of the node, whatever their state
   */
  static boolean isThere(Node node, List<Pod> pods, Resources wanted) {
    var free = allocatable(node);
    pods.stream().filter(pod -> !hasEnded(pod)).forEach(pod -> take(free, pod));
    var needed = requests(wanted.requests(), wanted.limits());
    take(free, needed);
    take(free, ONE_POD);
    return Stream.concat(Stream.of(PODS), needed.keySet().stream())
        .map(name -> free.getOrDefault(name, BigDecimal.ZERO))
        .noneMatch(amount -> amount.signum() < 0);
  }

  private static Map<String, BigDecimal> allocatable(Node node) {
    var free = new HashMap<String, BigDecimal>();
    if (node.getStatus() != null && node.getStatus().getAllocatable() != null) {
      node.getStatus()
          .getAllocatable()
          .forEach((name, quantity) -> free.put(name, quantity.getNumericalAmount()));
    }
    return free;
  }

  private static void take(Map<String, BigDecimal> free, Pod pod) {
    take(free, ONE_POD);
    var spec = pod.getSpec();
    if (spec.getOverhead() != null) {
      take(free, spec.getOverhead());
    }
    Stream.concat(spec.getContainers().stream(), spec.getInitContainers().stream())
        .forEach(container -> take(free, requests(container)));
  }

  private static void take(Map<String, BigDecimal> free, Map<String, Quantity> requests) {
    requests.forEach((name, quantity) ->
        free.merge(name, quantity.getNumericalAmount().negate(), BigDecimal::add));
  }

  private static Map<String, Quantity> requests(Container container) {
    var resources = container.getResources();
    return resources == null
        ? Map.of()
        : requests(
            Objects.requireNonNullElseGet(resources.getRequests(), Map::of),
            Objects.requireNonNullElseGet(resources.getLimits(), Map::of));
  }

  /** As the API server fills them in: what is limited and not requested is requested. */
  private static Map<String, Quantity> requests(
      Map<String, Quantity> requests, Map<String, Quantity> limits) {
    var all = new HashMap<>(limits);
    all.putAll(requests);
    return all;
  }

  private static boolean hasEnded(Pod pod) {
    var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Failed".equals(phase) || "Succeeded".equals(phase);
  }
}
