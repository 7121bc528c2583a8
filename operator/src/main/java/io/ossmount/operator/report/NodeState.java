package io.ossmount.operator.report;

import static java.util.Objects.requireNonNull;

import io.ossmount.operator.control.PodReport;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the cache pod of one node is doing.
 *
 * @param reason as in the conditions
 */
record NodeState(String node, Kind kind, String reason, String message) {
  /** What a state says something about. */
  enum Kind {
    /** All is well. */
    SERVING,
    /** The pod runs and has not checked the bucket yet. */
    CHECKING,
    /** The pod runs and cannot use the bucket. */
    BUCKET,
    /** The pod itself. */
    POD
  }

  /** An answer older than this says nothing any more. */
  private static final Duration ANSWER_HOLDS = Duration.ofMinutes(1);

  /** A pod that takes longer has a reason. */
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);

  /** After so many pushes that a pod did not take up, something is wrong with it. */
  private static final int PUSHES_UNTIL_WRONG = 4;

  private static final Pattern REASON = Pattern.compile("[A-Z][A-Za-z0-9]{0,63}");

  /**
   * The state of a node that shall have a pod.
   *
   * @param pod null: it has none
   * @param rejection why the API server refused to make it; null: it did not
   */
  static NodeState of(
      String node, @Nullable ObservedPod pod, @Nullable String rejection, Observed observed) {
    if (rejection != null) {
      return pod(
          node, Reasons.CACHE_POD_REJECTED, "the API server refuses the cache pod: " + rejection);
    }
    if (pod == null) {
      return observed.pods().stream()
          .filter(old -> old.node().equals(node) && old.ended())
          .findFirst()
          .map(old -> troubled(old, requireNonNull(old.trouble())))
          .orElseGet(
              () -> pod(node, Reasons.CACHE_POD_STARTING, "the cache pod before it still ends"));
    }
    var trouble = pod.trouble();
    if (trouble != null && trouble.kind() == Trouble.Kind.UNSCHEDULABLE && endsOn(node, observed)) {
      return pod(
          node,
          Reasons.CACHE_POD_STARTING,
          "cache pod %s waits for the one before it to end".formatted(pod.name()));
    }
    return trouble == null ? running(pod, observed) : troubled(pod, trouble);
  }

  private static boolean endsOn(String node, Observed observed) {
    return observed.pods().stream().anyMatch(pod -> pod.terminating() && pod.node().equals(node));
  }

  private static NodeState troubled(ObservedPod pod, Trouble trouble) {
    return switch (trouble.kind()) {
      case UNSCHEDULABLE ->
          pod(
              pod.node(),
              Reasons.CACHE_POD_PENDING,
              "cache pod %s cannot be scheduled: %s".formatted(pod.name(), trouble.message()));
      case WAITING ->
          pod(
              pod.node(),
              Reasons.CACHE_POD_PENDING,
              "cache pod %s cannot start: %s".formatted(pod.name(), trouble.message()));
      case CRASHING ->
          pod(
              pod.node(),
              Reasons.CACHE_POD_FAILING,
              "cache pod %s fails: %s".formatted(pod.name(), trouble.message()));
      case ENDED ->
          pod(
              pod.node(),
              Reasons.CACHE_POD_REJECTED,
              "cache pod %s has ended: %s".formatted(pod.name(), trouble.message()));
    };
  }

  private static NodeState running(ObservedPod pod, Observed observed) {
    var report = observed.report(pod);
    boolean fresh = isFresh(report, observed.now());
    if (fresh && !report.store().isChecking() && !report.store().isReachable()) {
      return bucket(pod, report.store());
    }
    if (!pod.ready() && pod.since().plus(STARTS_WITHIN).isBefore(observed.now())) {
      return slow(pod);
    }
    if (!pod.ready() || report.equals(PodReport.NONE)) {
      return pod(
          pod.node(), Reasons.CACHE_POD_STARTING, "cache pod %s starts".formatted(pod.name()));
    }
    if (!fresh) {
      return pod(
          pod.node(),
          Reasons.CACHE_POD_UNREACHABLE,
          "cache pod %s does not answer the operator: %s".formatted(pod.name(), report.failure()));
    }
    var push = observed.memory().pushes().get(pod.uid());
    if (push != null && push.attempt() >= PUSHES_UNTIL_WRONG) {
      return pod(
          pod.node(),
          Reasons.CONFIGURATION_NOT_TAKEN,
          "cache pod %s does not take up the changed configuration; see its log"
              .formatted(pod.name()));
    }
    return report.store().isChecking()
        ? new NodeState(pod.node(), Kind.CHECKING, Reasons.CHECKING, "the bucket is being checked")
        : new NodeState(pod.node(), Kind.SERVING, Reasons.SERVING, "");
  }

  /** Kubelet's words are in the pod's Events, which the operator does not read. */
  private static NodeState slow(ObservedPod pod) {
    return pod.address() == null
        ? pod(
            pod.node(),
            Reasons.CACHE_POD_PENDING,
            "cache pod %s has not started for a minute; kubectl describe pod says why"
                .formatted(pod.name()))
        : pod(
            pod.node(),
            Reasons.CACHE_POD_FAILING,
            "cache pod %s has not been ready for a minute; see its log".formatted(pod.name()));
  }

  private static NodeState bucket(ObservedPod pod, PodReport.Store store) {
    return new NodeState(pod.node(), Kind.BUCKET, reason(store), store.message());
  }

  /** Whether what a pod said still says something. */
  static boolean isFresh(PodReport report, Instant now) {
    return report.answered() != null && report.answered().plus(ANSWER_HOLDS).isAfter(now);
  }

  /** Why a bucket cannot be used. What comes over the wire is not trusted to be a word. */
  static String reason(PodReport.Store store) {
    return REASON.matcher(store.reason()).matches() ? store.reason() : "BucketUnreachable";
  }

  private static NodeState pod(String node, String reason, String message) {
    return new NodeState(node, Kind.POD, reason, "on node " + node + " " + message);
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }
}
