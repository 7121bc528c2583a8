package io.ossmount.cache.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.fs.MountActivity;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.StoreObserver;
import io.ossmount.fuse.server.RequestObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** The metrics of a process. What is watched is asked when somebody reads them. Thread-safe. */
public final class Metrics {
  /** Prometheus' text format, as {@link #write} writes it. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final FuseMetrics fuse;
  private final StoreMetrics store;

  /** The registry refers to it weakly. */
  private final List<Object> watched = new CopyOnWriteArrayList<>();

  private final AtomicBoolean showsProcess = new AtomicBoolean();

  /** Shows nothing yet. */
  public Metrics() {
    // Filters come before the first meter.
    registry.config().meterFilter(ProcessMetrics.FILTER);
    fuse = new FuseMetrics(registry);
    store = new StoreMetrics(registry);
  }

  /** Is to be told of the requests of all sessions. */
  public RequestObserver requests() {
    return fuse;
  }

  /** Is to be told of the single requests to the store. */
  public StoreObserver store() {
    return store;
  }

  /** A call of the store has failed for good, with all retries. */
  public void failed(StoreException failure) {
    store.failed(failure);
  }

  /** Shows what the cache does from now on. */
  public void watch(DiskBlockCache cache) {
    watched.add(cache);
    CacheMetrics.bind(cache, registry);
  }

  /** Shows what the mount does from now on. */
  public void watch(MountActivity mount) {
    watched.add(mount);
    MountMetrics.bind(mount, registry);
  }

  /** Writes all metrics in the format of {@link #CONTENT_TYPE}. */
  public void write(OutputStream out) throws IOException {
    // Not before it is asked for: the management beans would take their part of the start.
    if (showsProcess.compareAndSet(false, true)) {
      ProcessMetrics.bind(registry);
    }
    registry.scrape(out, CONTENT_TYPE);
  }
}
