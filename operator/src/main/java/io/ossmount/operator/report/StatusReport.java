package io.ossmount.operator.report;

import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.NestedMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.CachePod;
import io.ossmount.api.v1alpha1.OssMountStatus.CacheStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.NodePending;
import io.ossmount.api.v1alpha1.OssMountStatus.PendingStatus;
import io.ossmount.api.v1alpha1.ResetStatus;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.control.PodReport.CacheFigures;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import io.ossmount.operator.observe.PendingUploads;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of an OssMount, computed. */
public final class StatusReport {
  private static final int WHOLE = 100;

  private StatusReport() {}

  /**
   * The status.
   *
   * @param before the status so far; null: there is none
   * @param unplaced replicas without a node
   */
  public static OssMountStatus of(
      Observed observed, Assessment assessment, int unplaced, @Nullable OssMountStatus before) {
    List<Condition> conditions = before == null ? List.of() : before.conditions();
    var serving =
        assessment.nodes().stream()
            .filter(node -> node.is(NodeState.Kind.SERVING))
            .map(NodeState::node)
            .collect(Collectors.toUnmodifiableSet());
    var pods =
        assessment.pods().values().stream()
            .map(pod -> pod(observed, pod, serving.contains(pod.node())))
            .toList();
    return new OssMountStatus(
        observed.mount().generation(),
        Conditions.merge(
            conditions, assessment.findings(), observed.mount().generation(), observed.now()),
        assessment.serving() + "/" + (assessment.nodes().size() + unplaced),
        observed.volumes().size(),
        cache(observed, assessment.pods().values()),
        pods,
        mountsReady(assessment.mounts()),
        mounts(observed, assessment.mounts(), before),
        reset(observed, assessment, before),
        pending(observed.uploads()),
        observed.spec().inEffect());
  }

  private static @Nullable String mountsReady(List<NestedMountState> mounts) {
    return mounts.isEmpty()
        ? null
        : mounts.stream().filter(NestedMountState::isReady).count() + "/" + mounts.size();
  }

  private static List<NestedMountStatus> mounts(
      Observed observed, List<NestedMountState> states, @Nullable OssMountStatus before) {
    var known =
        before == null
            ? Map.<String, List<Condition>>of()
            : before.mounts().stream()
                .collect(
                    Collectors.toMap(
                        NestedMountStatus::path, NestedMountStatus::conditions, (one, _) -> one));
    return states.stream()
        .map(state -> {
          var mount = state.mount();
          return new NestedMountStatus(
              mount.path(),
              mount.bucket(),
              mount.directory(),
              mount.readOnly(),
              Conditions.merge(
                  known.getOrDefault(mount.path(), List.of()),
                  List.of(state.ready()),
                  observed.mount().generation(),
                  observed.now()));
        })
        .toList();
  }

  /** What the last one came to stays when the annotation is taken off. */
  private static @Nullable ResetStatus reset(
      Observed observed, Assessment assessment, @Nullable OssMountStatus before) {
    var last = before == null ? null : before.reset();
    return ResetProgress.of(observed, assessment.pods().values())
        .map(progress -> progress.status(last, observed.now()))
        .orElse(last);
  }

  private static @Nullable PendingStatus pending(PendingUploads uploads) {
    var total = uploads.total();
    return uploads.isEmpty()
        ? null
        : new PendingStatus(
            total.objects(),
            Bytes.quantity(total.bytes()),
            time(total.oldest()),
            uploads.byNode().entrySet().stream()
                .map(node -> pending(node.getKey(), node.getValue()))
                .toList());
  }

  private static NodePending pending(String node, PendingFigures figures) {
    return new NodePending(
        node, figures.objects(), Bytes.quantity(figures.bytes()), time(figures.oldest()));
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static CachePod pod(Observed observed, ObservedPod pod, boolean ready) {
    var report = observed.report(pod);
    return new CachePod(
        pod.node(),
        pod.name(),
        pod.uid(),
        ready,
        report.sessions(),
        Bytes.quantity(report.cache().used()));
  }

  private static CacheStatus cache(Observed observed, Collection<ObservedPod> pods) {
    var sum =
        pods.stream()
            .map(pod -> observed.report(pod).cache())
            .reduce(new CacheFigures(0, 0, 0, 0), CacheFigures::plus);
    long read = sum.hit() + sum.missed();
    return new CacheStatus(
        Bytes.quantity(sum.capacity()),
        Bytes.quantity(sum.used()),
        read == 0 ? null : (int) (sum.hit() * WHOLE / read));
  }
}
