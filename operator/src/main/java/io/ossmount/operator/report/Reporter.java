package io.ossmount.operator.report;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.operator.apply.Applier;
import io.ossmount.operator.control.PendingFigures;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.WaitingPods;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes status and Events of OssMounts, each no more often than is useful. Safe for use by many
 * threads.
 */
public final class Reporter {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

  /** Conflicts of an OssMount that are remembered, so that each has one Event. */
  private static final int MAX_TOLD = 1024;

  private final KubernetesClient client;
  private final EventRecorder events;
  private final Map<String, Written> written = new ConcurrentHashMap<>();
  private final Map<String, Set<PendingFigures.Conflict>> told = new ConcurrentHashMap<>();

  /** What stands in the API server, also before the informer has seen it. */
  private record Written(OssMountStatus status, Instant at) {}

  /** A reporter. */
  public Reporter(KubernetesClient client, Clock clock) {
    this.client = client;
    this.events = new EventRecorder(client, clock);
  }

  /**
   * Reports.
   *
   * @param standing the status that the informer knows; null: none
   * @return when to come back for what is not written yet; empty: everything is
   */
  public Optional<Instant> report(
      Observed observed, Assessment assessment, int unplaced, @Nullable OssMountStatus standing) {
    var uid = observed.mount().uid();
    var last = written.get(uid);
    var before = last == null ? standing : last.status();
    var after = StatusReport.of(observed, assessment, unplaced, before);
    var due = StatusThrottle.due(before, after, last == null ? Instant.EPOCH : last.at());
    boolean now = due.isPresent() && !due.get().isAfter(observed.now());
    if (now) {
      client.resource(object(observed.mount(), after)).subresource("status").patch(Applier.APPLY);
      written.put(uid, new Written(after, observed.now()));
    }
    tell(observed, assessment, before);
    tellReset(observed, before, after);
    return now ? Optional.empty() : due;
  }

  /** Forgets an OssMount that is gone. */
  public void forget(String mountUid) {
    written.remove(mountUid);
    told.remove(mountUid);
  }

  private void tell(Observed observed, Assessment assessment, @Nullable OssMountStatus before) {
    var mount = reference(observed.mount());
    assessment.problem().ifPresent(problem -> warn(observed, mount, problem));
    assessment
        .warnings()
        .forEach(warning -> events.warn(mount, warning.reason(), warning.message()));
    observed.pods().stream()
        .map(pod -> observed.report(pod).pending().lastConflict())
        .flatMap(Stream::ofNullable)
        .forEach(conflict -> tellOnce(mount, conflict));
    tellForgotten(observed, mount);
    if (assessment.isReady() && !wasReady(before)) {
      events.note(mount, assessment.ready().reason(), assessment.ready().message());
    }
  }

  /** As long as the annotation is there, which is one round. */
  private void tellForgotten(Observed observed, ObjectReference mount) {
    var uploads = observed.uploads();
    observed
        .forgetting()
        .forEach(node -> {
          var figures = uploads.forgotten().get(node);
          var message =
              figures == null
                  ? PendingFinding.notForgotten(node, uploads.answering().contains(node))
                  : PendingFinding.forgotten(node, figures);
          events.warn(mount, Reasons.PENDING_FORGOTTEN, message);
        });
  }

  private void tellReset(Observed observed, @Nullable OssMountStatus before, OssMountStatus after) {
    var done = after.reset();
    if (done == null || done.finishedAt() == null || done.message() == null) {
      return;
    }
    var last = before == null ? null : before.reset();
    if (last == null || last.finishedAt() == null || !last.value().equals(done.value())) {
      events.note(
          reference(observed.mount()),
          Reasons.RESET_DONE,
          "reset %s: %s".formatted(done.value(), done.message()));
    }
  }

  /** A pod says its last conflict as long as it lives. */
  private void tellOnce(ObjectReference mount, PendingFigures.Conflict conflict) {
    var before = told.computeIfAbsent(mount.getUid(), _ -> ConcurrentHashMap.newKeySet());
    if (before.size() >= MAX_TOLD) {
      before.clear();
    }
    if (before.add(conflict)) {
      events.warn(mount, Reasons.WRITE_CONFLICT, PendingFinding.conflict(conflict));
    }
  }

  private void warn(Observed observed, ObjectReference mount, Finding problem) {
    if (problem.reason().equals(Reasons.SUSPENDED)) {
      // As it was asked for; only those who wait are warned.
      events.note(mount, problem.reason(), problem.message());
    } else {
      events.warn(mount, problem.reason(), problem.message());
    }
    if (problem.reason().equals(Reasons.DELETION_BLOCKED)) {
      return;
    }
    var message = "OssMount " + observed.mount().name() + ": " + problem.message();
    try {
      WaitingPods.of(observed.volumes(), client)
          .forEach(pod -> events.warn(pod, problem.reason(), message));
    } catch (KubernetesClientException e) {
      LOG.warn("Cannot look for pods that wait for {}: {}", mount.getName(), e.getMessage());
    }
  }

  private static boolean wasReady(@Nullable OssMountStatus status) {
    return status != null
        && status.conditions().stream()
            .anyMatch(condition ->
                condition.type().equals(Reasons.READY)
                    && condition.status() == Condition.Status.True);
  }

  private static OssMount object(MountIdentity mount, OssMountStatus status) {
    var object = new OssMount();
    object.getMetadata().setNamespace(mount.namespace());
    object.getMetadata().setName(mount.name());
    object.getMetadata().setUid(mount.uid());
    object.setStatus(status);
    return object;
  }

  private static ObjectReference reference(MountIdentity mount) {
    return new ObjectReferenceBuilder()
        .withApiVersion(HasMetadata.getApiVersion(OssMount.class))
        .withKind(HasMetadata.getKind(OssMount.class))
        .withNamespace(mount.namespace())
        .withName(mount.name())
        .withUid(mount.uid())
        .build();
  }
}
