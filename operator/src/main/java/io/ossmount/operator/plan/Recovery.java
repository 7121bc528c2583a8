package io.ossmount.operator.plan;

import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a pod is at its work again after it was changed. */
final class Recovery {
  /** What takes longer is wrong: a container is back within seconds, its image apart. */
  static final Duration COMES_BACK_WITHIN = Duration.ofMinutes(1);

  private final Observed observed;
  private final Set<String> volumeNodes;

  /**
   * What keeps a pod from its work.
   *
   * @param isOfUpdate the pod was changed, and has not been at work since
   * @param isStuck it will not pass by itself, as far as one can tell
   */
  record Hindrance(String node, boolean isOfUpdate, boolean isStuck, String why) {}

  Recovery(Observed observed) {
    this.observed = observed;
    this.volumeNodes = observed.volumeNodes();
  }

  /** Empty: it is at work. */
  Optional<Hindrance> hindrance(ObservedPod pod) {
    var update = observed.memory().updates().get(pod.uid());
    boolean isOfUpdate = update != null || pod.container().isChanging();
    boolean isLate = !late(pod).isAfter(observed.now());
    var trouble = pod.trouble();
    if (trouble != null && !pod.ready()) {
      return found(pod, isOfUpdate, true, "is not ready: " + trouble.message());
    }
    var resizing = pod.container().resizing();
    if (resizing != null) {
      var why = "does not get its resources: " + resizing.message();
      return found(pod, isOfUpdate, resizing.stuck() || isLate, why);
    }
    if (pod.container().isChanging()) {
      return found(pod, isOfUpdate, isLate, "has not been restarted by kubelet");
    }
    if (!pod.ready()) {
      return found(pod, isOfUpdate, isLate, "is not ready; see its log");
    }
    return update == null
        ? Optional.empty()
        : session(pod, update, isLate).flatMap(why -> found(pod, true, isLate, why));
  }

  /** When the pod has had its time. */
  Instant late(ObservedPod pod) {
    Memory.@Nullable Update update = observed.memory().updates().get(pod.uid());
    return (update == null ? pod.since() : update.at()).plus(COMES_BACK_WITHIN);
  }

  private Optional<String> session(ObservedPod pod, Memory.Update update, boolean isLate) {
    var report = observed.report(pod);
    if (report.answered() == null || report.failure() != null) {
      return Optional.of("does not answer the operator");
    }
    // Some may have ended meanwhile, with the applications that used them.
    boolean serves =
        report.sessions() >= update.sessions()
            || !volumeNodes.contains(pod.node())
            || (isLate && report.sessions() > 0);
    return serves
        ? Optional.empty()
        : Optional.of(
            "serves %d of its %d sessions again".formatted(report.sessions(), update.sessions()));
  }

  private static Optional<Hindrance> found(
      ObservedPod pod, boolean isOfUpdate, boolean isStuck, String why) {
    return Optional.of(
        new Hindrance(pod.node(), isOfUpdate, isStuck, "cache pod " + pod.name() + " " + why));
  }
}
