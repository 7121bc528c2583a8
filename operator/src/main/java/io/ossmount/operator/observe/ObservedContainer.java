package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.ossmount.api.Annotations;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The container of a cache pod, as far as it can be changed while the pod runs.
 *
 * @param id of the container that runs, as kubelet tells it; "": none
 * @param image that its spec has
 * @param restarts how often kubelet has started it again
 * @param restartsBeforeChange value of {@link Annotations#RESTARTS_BEFORE_CHANGE}; -1 if there is
 *     none
 * @param resizable its resources can be changed: for another limit of memory kubelet restarts it,
 *     as its heap follows from that
 * @param resources that it has, as kubelet tells; those of its spec while it does not run
 * @param resizing what keeps kubelet from giving it those of its spec; null: it has them
 */
public record ObservedContainer(
    String id,
    String image,
    int restarts,
    int restartsBeforeChange,
    boolean resizable,
    ResourceRequirements resources,
    @Nullable Resizing resizing) {
  /** Of a pod that has none. */
  public static final ObservedContainer NONE =
      new ObservedContainer("", "", 0, -1, false, new ResourceRequirements(), null);

  private static final String MEMORY = "memory";

  /**
   * A change of resources that kubelet has not made.
   *
   * @param stuck it will not make it for now; else it is about to
   * @param message kubelet's words
   */
  public record Resizing(boolean stuck, String message) {}

  /** Whether kubelet has not made yet what was changed last. */
  public boolean isChanging() {
    return restarts <= restartsBeforeChange || resizing != null;
  }

  /** Whether kubelet restarts it for these resources. */
  public boolean restartsFor(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    var limit = limits.get(MEMORY);
    return !equal(resources.getLimits().get(MEMORY), limit)
        // Without a request, the limit is one.
        || !equal(resources.getRequests().get(MEMORY), requests.getOrDefault(MEMORY, limit));
  }

  /** Reads it; there is only one in a cache pod. */
  static ObservedContainer of(Pod pod) {
    if (pod.getSpec().getContainers().isEmpty()) {
      return NONE;
    }
    var container = pod.getSpec().getContainers().getFirst();
    var resources =
        Objects.requireNonNullElseGet(container.getResources(), ResourceRequirements::new);
    var status = status(pod);
    return new ObservedContainer(
        status.filter(ObservedContainer::runs).map(ContainerStatus::getContainerID).orElse(""),
        Objects.requireNonNullElse(container.getImage(), ""),
        status.map(ContainerStatus::getRestartCount).orElse(0),
        number(pod.getMetadata().getAnnotations()),
        isResizable(container),
        told(status).orElse(resources),
        resizing(pod, resources, status));
  }

  private static Optional<ContainerStatus> status(Pod pod) {
    return Stream.ofNullable(pod.getStatus())
        .flatMap(status -> status.getContainerStatuses().stream())
        .findFirst();
  }

  private static Optional<ResourceRequirements> told(Optional<ContainerStatus> status) {
    return status.filter(ObservedContainer::runs).map(ContainerStatus::getResources);
  }

  private static boolean runs(ContainerStatus status) {
    return status.getState() != null && status.getState().getRunning() != null;
  }

  private static int number(@Nullable Map<String, String> annotations) {
    var text = annotations == null ? null : annotations.get(Annotations.RESTARTS_BEFORE_CHANGE);
    return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
  }

  private static boolean isResizable(Container container) {
    return container.getResizePolicy().stream()
        .anyMatch(policy ->
            MEMORY.equals(policy.getResourceName())
                && "RestartContainer".equals(policy.getRestartPolicy()));
  }

  private static @Nullable Resizing resizing(
      Pod pod, ResourceRequirements wanted, Optional<ContainerStatus> status) {
    var pending = condition(pod, "PodResizePending");
    if (pending.isPresent()) {
      return new Resizing(true, words(pending.get()));
    }
    var progress = condition(pod, "PodResizeInProgress");
    if (progress.isPresent()) {
      return new Resizing("Error".equals(progress.get().getReason()), words(progress.get()));
    }
    // Older kubelets do not say what a container has.
    return told(status)
        .filter(has -> !isIn(wanted.getRequests(), has.getRequests()))
        .map(_ -> new Resizing(false, "kubelet has not begun"))
        .orElse(null);
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    return Stream.ofNullable(pod.getStatus())
        .flatMap(status -> status.getConditions().stream())
        .filter(condition -> type.equals(condition.getType()))
        .filter(condition -> "True".equals(condition.getStatus()))
        .findFirst();
  }

  private static String words(PodCondition condition) {
    return Stream.of(condition.getReason(), condition.getMessage())
        .filter(text -> text != null && !text.isBlank())
        .reduce((reason, message) -> reason + ": " + message)
        .orElse("kubelet is at it");
  }

  /** Limits are left out: kubelet rounds what it tells of them, and that of memory is a restart. */
  private static boolean isIn(Map<String, Quantity> wanted, Map<String, Quantity> has) {
    return Stream.of("cpu", MEMORY).allMatch(name -> equal(wanted.get(name), has.get(name)));
  }

  private static boolean equal(@Nullable Quantity one, @Nullable Quantity other) {
    if (one == null || other == null) {
      return Objects.equals(one, other);
    }
    return one.getNumericalAmount().compareTo(other.getNumericalAmount()) == 0;
  }
}
