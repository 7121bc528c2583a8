package io.ossmount.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a pod of ours from being ready, in the words of whoever keeps it: scheduler, kubelet,
 * or container runtime.
 *
 * @param message for people
 */
public record Trouble(Kind kind, String message) {
  /** The kinds of trouble. */
  public enum Kind {
    /** The scheduler finds no room on the node. */
    UNSCHEDULABLE,
    /** Kubelet cannot start the container: image, Secret, configuration. */
    WAITING,
    /** The container ends again and again. */
    CRASHING,
    /** The pod has ended: evicted, or refused by kubelet. */
    ENDED
  }

  private static final int MAX_MESSAGE_CHARS = 512;

  /** Reads it from a pod; null: there is none that the pod's status knows of. */
  public static @Nullable Trouble of(Pod pod) {
    var status = pod.getStatus();
    if (status == null) {
      return null;
    }
    if ("Failed".equals(status.getPhase()) || "Succeeded".equals(status.getPhase())) {
      return new Trouble(Kind.ENDED, words(status.getReason(), status.getMessage()));
    }
    return unscheduled(pod)
        .or(() ->
            status.getContainerStatuses().stream().flatMap(c -> waiting(c).stream()).findFirst())
        .orElse(null);
  }

  private static Optional<Trouble> unscheduled(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
        .map(c -> new Trouble(Kind.UNSCHEDULABLE, words(null, c.getMessage())))
        .findFirst();
  }

  private static Optional<Trouble> waiting(ContainerStatus container) {
    var state = container.getState();
    if (state == null || state.getWaiting() == null) {
      return Optional.empty();
    }
    var reason = Objects.requireNonNullElse(state.getWaiting().getReason(), "");
    return switch (reason) {
      // How every pod starts.
      case "", "ContainerCreating", "PodInitializing" -> Optional.empty();
      case "CrashLoopBackOff" -> Optional.of(new Trouble(Kind.CRASHING, lastEnd(container)));
      default ->
          Optional.of(new Trouble(Kind.WAITING, words(reason, state.getWaiting().getMessage())));
    };
  }

  private static String lastEnd(ContainerStatus container) {
    var last = container.getLastState() == null ? null : container.getLastState().getTerminated();
    return last == null
        ? "the container ends again and again; see its log"
        : "the container ended with code %d (%s) %d times; see its log"
            .formatted(last.getExitCode(), last.getReason(), container.getRestartCount());
  }

  private static String words(@Nullable String reason, @Nullable String message) {
    var text =
        message == null || message.isBlank()
            ? Objects.requireNonNullElse(reason, "")
            : reason == null || reason.isBlank() ? message : reason + ": " + message;
    return text.length() <= MAX_MESSAGE_CHARS ? text : text.substring(0, MAX_MESSAGE_CHARS) + "...";
  }
}
