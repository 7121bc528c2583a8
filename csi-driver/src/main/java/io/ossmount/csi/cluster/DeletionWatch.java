package io.ossmount.csi.cluster;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.ossmount.api.v1alpha1.OssMount;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches OssMounts go, and keeps none of them in memory. Opened again, after a pause, whenever the
 * API server ends it.
 */
final class DeletionWatch implements Watcher<OssMount>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeletionWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(20);

  private static final ListOptions ONE = new ListOptionsBuilder().withLimit(1L).build();

  private final KubernetesClient client;
  private final Runnable action;
  private final ScheduledExecutorService again =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("watch").factory());
  private volatile @Nullable Watch watch;

  DeletionWatch(KubernetesClient client, Runnable action) {
    this.client = client;
    this.action = action;
  }

  /** Starts to watch; when the API server does not answer, later. */
  void open() {
    try {
      // From a version that was asked for: over an old etcd, the API server refuses a watch without
      // one, as "RequestWatchProgress is disabled".
      var ossMounts = client.resources(OssMount.class).inAnyNamespace();
      var now = ossMounts.list(ONE).getMetadata().getResourceVersion();
      watch = ossMounts.watch(new ListOptionsBuilder().withResourceVersion(now).build(), this);
    } catch (KubernetesClientException e) {
      LOG.warn("cannot watch OssMounts: {}", e.getMessage());
      openLater();
    }
  }

  @Override
  public void eventReceived(Action event, OssMount ossMount) {
    if (event == Action.DELETED) {
      action.run();
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    openLater();
  }

  @Override
  public void close() {
    again.shutdownNow();
    var open = watch;
    if (open != null) {
      open.close();
    }
  }

  private void openLater() {
    var jitter = ThreadLocalRandom.current().nextLong(PAUSE.toMillis());
    try {
      var _ = again.schedule(this::open, PAUSE.toMillis() + jitter, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      LOG.debug("no longer watching OssMounts");
    }
  }
}
