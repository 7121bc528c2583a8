package io.ossmount.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.ossmount.api.Driver;
import io.ossmount.api.Labels;
import io.ossmount.operator.control.GrpcControlClient;
import io.ossmount.operator.control.StatusPoller;
import io.ossmount.operator.dashboard.server.Dashboard;
import io.ossmount.operator.defaults.EffectiveSpecs;
import io.ossmount.operator.mounttest.TestRound;
import io.ossmount.operator.tls.AuthoritySecret;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of the running operator. */
final class OperatorProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorProcess.class);
  private static final String LEASE = "ossmount-operator";
  private static final int RETRY_MILLIS = 1_000;
  private static final int RETRY_AT_MOST_MILLIS = 20_000;
  private static final double RETRY_GROWS = 1.5;

  private final KubernetesClient client;
  private final StatusPoller poller;
  private final Operator operator;
  private final HealthServer health;
  private final LeaderLabel label;
  private final Optional<Dashboard> dashboard;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Builds all, with the API server that kubeconfig or the pod's service account names; starts
   * nothing but probes.
   */
  static OperatorProcess build(OperatorConfiguration configuration) throws IOException {
    return new OperatorProcess(configuration, Config.autoConfigure(null), Clock.systemUTC());
  }

  /** Builds all for this API server. */
  OperatorProcess(OperatorConfiguration configuration, Config apiServer, Clock clock)
      throws IOException {
    client =
        new KubernetesClientBuilder()
            .withConfig(apiServer)
            .withKubernetesSerialization(EffectiveSpecs.serialization(configuration.defaults()))
            .build();
    var authority = AuthoritySecret.load(client, configuration.namespace(), clock);
    var intervals = configuration.intervals();
    var control = new GrpcControlClient(authority, clock);
    poller = new StatusPoller(control, clock, intervals.pollFine(), intervals.pollBroken());
    label = new LeaderLabel(client, configuration.namespace(), configuration.podName());
    operator = operator(configuration, client, label);
    var reconciler = new OssMountReconciler(configuration, client, authority, poller, clock);
    operator.register(
        reconciler,
        controller ->
            controller
                .withName("ossmount")
                .withFieldManager(Labels.MANAGED_BY_VALUE)
                .withFinalizer(Driver.FINALIZER)
                .watchingAllNamespaces()
                .withGenerationAware(false)
                .withOnUpdateFilter(new WhatCounts())
                .withRetry(retry()));
    registerTests(configuration, clock);
    var runtime = operator.getRuntimeInfo();
    health =
        new HealthServer(
            configuration.healthPort(),
            () -> !runtime.isStarted() || runtime.allEventSourcesAreHealthy(),
            runtime::isStarted);
    dashboard =
        DashboardProcess.start(
            configuration, client, authority, poller, control, reconciler::sight, clock);
  }

  /** Where the dashboard listens; empty: it is not served. */
  Optional<Integer> dashboardPort() {
    return dashboard.map(Dashboard::port);
  }

  /** Starts watching; reconciles once it leads. */
  void start() {
    if (dashboard.isPresent()) {
      label.start();
    }
    operator.start();
  }

  /** Waits until {@link #close} was called. */
  void await() throws InterruptedException {
    closed.await();
  }

  @Override
  public void close() {
    dashboard.ifPresent(Dashboard::close);
    label.close();
    health.close();
    operator.stop();
    poller.close();
    client.close();
    closed.countDown();
  }

  /**
   * Helm installs no definitions with an upgrade: without that of OssMountTest, mounts go on, and
   * there are no tests.
   */
  private void registerTests(OperatorConfiguration configuration, Clock clock) {
    if (!TestRound.isPossible(client)) {
      LOG.warn(
          "There is no definition of OssMountTest: apply the chart's crds directory, then restart"
              + " the operator");
      return;
    }
    operator.register(
        new OssMountTestReconciler(new TestRound(client, configuration.cachePods(), clock)),
        controller ->
            controller
                .withName("ossmounttest")
                .withFieldManager(Labels.MANAGED_BY_VALUE)
                .watchingAllNamespaces()
                .withGenerationAware(true)
                .withRetry(retry()));
  }

  private static Operator operator(
      OperatorConfiguration configuration, KubernetesClient client, LeaderLabel label) {
    return new Operator(service -> {
      service
          .withKubernetesClient(client)
          .withCloseClientOnStop(false)
          .withReconciliationTerminationTimeout(Duration.ofSeconds(5))
          // Records of ours are immutable, and nobody changes what informers gave.
          .withUseSSAToPatchPrimaryResource(true);
      if (configuration.leaderElection()) {
        service.withLeaderElectionConfiguration(
            LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                .withLeaseNamespace(configuration.namespace())
                .withIdentity(configuration.podName())
                .withLeaderCallbacks(new LeaderCallbacks(label::lead, () -> {}, _ -> {}))
                .build());
      } else {
        label.lead();
      }
    });
  }

  /** For ever: an API server that was away is there again some time. */
  private static GenericRetry retry() {
    return new GenericRetry()
        .setInitialInterval(RETRY_MILLIS)
        .setIntervalMultiplier(RETRY_GROWS)
        .setMaxInterval(RETRY_AT_MOST_MILLIS)
        .withoutMaxAttempts();
  }
}
