package io.ossmount.operator;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.operator.apply.Applier;
import io.ossmount.operator.apply.Outcome;
import io.ossmount.operator.control.StatusPoller;
import io.ossmount.operator.observe.Cluster;
import io.ossmount.operator.observe.Memory;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.MountSecretContent;
import io.ossmount.operator.observe.MountSight;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.Observer;
import io.ossmount.operator.observe.PendingUploads;
import io.ossmount.operator.plan.Hashes;
import io.ossmount.operator.plan.Plan;
import io.ossmount.operator.plan.Planner;
import io.ossmount.operator.render.CachePod;
import io.ossmount.operator.render.MountJson;
import io.ossmount.operator.render.MountSecret;
import io.ossmount.operator.render.Rendered;
import io.ossmount.operator.report.Assessment;
import io.ossmount.operator.report.Reporter;
import io.ossmount.operator.tls.Authority;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reconciles OssMounts: observe, plan, render, apply, report. JOSDK calls it for one OssMount at a
 * time in one thread, for different ones in many.
 */
final class OssMountReconciler implements Reconciler<OssMount>, Cleaner<OssMount> {
  private static final Duration SOONEST = Duration.ofMillis(500);

  private final OperatorConfiguration configuration;
  private final KubernetesClient client;
  private final Authority authority;
  private final StatusPoller poller;
  private final Clock clock;
  private final Reporter reporter;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  // JOSDK makes the informers with the controller, before the first reconciliation.
  private volatile @Nullable Steps steps;
  private volatile @Nullable MountSight sight;

  private record Known(ResourceID id, Memory memory) {}

  private record Steps(Cluster cluster, Observer observer, Applier applier) {}

  OssMountReconciler(
      OperatorConfiguration configuration,
      KubernetesClient client,
      Authority authority,
      StatusPoller poller,
      Clock clock) {
    this.configuration = configuration;
    this.client = client;
    this.authority = authority;
    this.poller = poller;
    this.clock = clock;
    this.reporter = new Reporter(client, clock);
  }

  @Override
  public List<EventSource<?, OssMount>> prepareEventSources(EventSourceContext<OssMount> context) {
    var cluster = new Cluster(context, configuration.cachePods().driver());
    var applier =
        new Applier(
            client,
            pod ->
                cluster.podSource().handleRecentResourceCreate(ResourceID.fromResource(pod), pod));
    steps = new Steps(cluster, new Observer(cluster, poller, clock), applier);
    sight = new MountSight(context.getPrimaryCache(), cluster::volumes);
    var answers = new SimpleInboundEventSource<OssMount>("cache-pod-answers");
    poller.start(uid -> {
      var mount = known.get(uid);
      if (mount != null) {
        answers.propagateEvent(mount.id());
      }
    });
    var sources = new ArrayList<EventSource<?, OssMount>>(cluster.sources());
    sources.add(answers);
    return sources;
  }

  /** The OssMounts, for who only looks; empty before JOSDK has made the informers. */
  Optional<MountSight> sight() {
    return Optional.ofNullable(sight);
  }

  @Override
  public UpdateControl<OssMount> reconcile(OssMount mount, Context<OssMount> context) {
    return UpdateControl.<OssMount>noUpdate().rescheduleAfter(round(mount, steps()));
  }

  /**
   * Held while volumes use it or something waits to be uploaded, and served meanwhile; then pods
   * and Secret go with their owner.
   */
  @Override
  public DeleteControl cleanup(OssMount mount, Context<OssMount> context) {
    var steps = steps();
    var identity = MountIdentity.of(mount);
    if (steps.cluster().volumes(identity).isEmpty() && !mayBeUploading(mount, steps.cluster())) {
      known.remove(identity.uid());
      poller.forget(identity.uid());
      reporter.forget(identity.uid());
      return DeleteControl.defaultDelete();
    }
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(round(mount, steps).toMillis());
  }

  private boolean mayBeUploading(OssMount mount, Cluster cluster) {
    var identity = MountIdentity.of(mount);
    var pods = cluster.pods(identity);
    var before = known.get(identity.uid());
    if (before == null && !pods.isEmpty()) {
      // This operator has just started, and has asked nobody yet.
      return true;
    }
    var memory = before == null ? Memory.of(mount.getStatus()) : before.memory();
    var reports = poller.reports(identity.uid());
    var uploads =
        PendingUploads.of(memory.uploads(), pods, reports, PendingUploads.forgetting(mount));
    return new Deletion(uploads, pods, reports).waits(() -> isEnding(identity.namespace()));
  }

  private boolean isEnding(String name) {
    var namespace = client.namespaces().withName(name).get();
    return namespace == null || namespace.isMarkedForDeletion();
  }

  private Duration round(OssMount mount, Steps steps) {
    var id = ResourceID.fromResource(mount);
    var uid = mount.getMetadata().getUid();
    var memory =
        known.computeIfAbsent(uid, _ -> new Known(id, Memory.of(mount.getStatus()))).memory();

    var observed = steps.observer().observe(mount, memory, client);
    var content = content(observed);
    var hash = Hashes.sha256(content.mountJson());
    var template = CachePod.template(observed.mount(), observed.spec(), configuration.cachePods());
    var plan = Planner.plan(observed, template, hash);
    var outcome = apply(observed, content, plan, hash, steps.applier());
    var refusals = refusals(outcome, observed.now());
    known.put(uid, new Known(id, plan.memory().refused(refusals)));
    var assessment = Assessment.of(observed, plan, outcome);
    var unwritten = reporter.report(observed, assessment, plan.unplaced(), mount.getStatus());
    takeOffWhatIsDone(mount, observed, steps.applier());
    // What is refused has another way, which is planned now.
    var planned = refusals.isEmpty() ? plan.next() : observed.now();
    return next(assessment.isAllWell(), planned, unwritten.orElse(null));
  }

  /** Else the annotation would one day give up what nobody had in mind. */
  private static void takeOffWhatIsDone(OssMount mount, Observed observed, Applier applier) {
    if (!observed.forgetting().isEmpty() && observed.hasForgotten()) {
      var annotation = Annotations.FORGET_PENDING;
      var value = mount.getMetadata().getAnnotations().get(annotation);
      applier.takeOff(observed.mount(), annotation, requireNonNull(value));
    }
  }

  private MountSecretContent content(Observed observed) {
    var before = observed.secret();
    var server =
        before != null && authority.isCurrent(before.server())
            ? before.server()
            : authority.issueServer(observed.mount().uid());
    return new MountSecretContent(MountJson.of(observed), authority.certificate(), server);
  }

  private Outcome apply(
      Observed observed, MountSecretContent content, Plan plan, String hash, Applier applier) {
    if (!observed.canBeServed()) {
      return Outcome.nothing();
    }
    if (!content.equals(observed.secret())) {
      var refusal = applier.apply(MountSecret.of(observed.mount(), content));
      if (refusal.isPresent()) {
        // Without it, pods could not start or would go on with what was; that is said instead.
        return Outcome.secretRejected(refusal.get());
      }
    }
    var rendered = Rendered.of(observed, plan, hash, configuration.cachePods());
    return applier.apply(observed.mount(), plan, rendered);
  }

  private static List<Memory.Refusal> refusals(Outcome outcome, Instant now) {
    return outcome.refused().stream()
        .map(refused -> {
          var patch = refused.patch();
          return new Memory.Refusal(
              patch.pod().uid(), refused.part(), patch.template(), refused.why(), now);
        })
        .toList();
  }

  /**
   * What cannot be watched is looked at again; with a jitter, so that a thousand do not come at
   * once.
   */
  private Duration next(boolean fine, @Nullable Instant planned, @Nullable Instant unwritten) {
    var intervals = configuration.intervals();
    long millis = (fine ? intervals.recheckFine() : intervals.recheckBroken()).toMillis();
    var recheck =
        Duration.ofMillis(
            millis - millis / 10 + ThreadLocalRandom.current().nextLong(millis / 5 + 1));
    var now = clock.instant();
    var soonest =
        Stream.of(planned, unwritten)
            .flatMap(Stream::ofNullable)
            .map(date -> Duration.between(now, date))
            .reduce(recheck, OssMountReconciler::shorter);
    return soonest.compareTo(SOONEST) < 0 ? SOONEST : soonest;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Steps steps() {
    return requireNonNull(steps, "JOSDK prepares event sources before it reconciles");
  }
}
