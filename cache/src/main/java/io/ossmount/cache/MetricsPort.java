package io.ossmount.cache;

import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.control.HealthServer;
import io.ossmount.cache.fs.MountActivity;
import io.ossmount.cache.metrics.Metrics;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObservedObjectStore;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.server.RequestObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;

/** Metrics of a mount without a pod, where they are asked for; else nothing is counted. */
final class MetricsPort implements StoreRequests, AutoCloseable {
  private final Optional<Metrics> metrics;
  private final Optional<HealthServer> server;

  private MetricsPort(Optional<Metrics> metrics, Optional<HealthServer> server) {
    this.metrics = metrics;
    this.server = server;
  }

  /**
   * Serves them from now on.
   *
   * @param address empty: there are no metrics
   */
  static MetricsPort open(Optional<InetSocketAddress> address) throws IOException {
    if (address.isEmpty()) {
      return new MetricsPort(Optional.empty(), Optional.empty());
    }
    Metrics metrics = new Metrics();
    var page = new HealthServer.Exposition(Metrics.CONTENT_TYPE, metrics::write);
    var server = new HealthServer(address.get(), () -> true, page);
    return new MetricsPort(Optional.of(metrics), Optional.of(server));
  }

  /** Where they are. */
  OptionalInt number() {
    return server.stream().mapToInt(HealthServer::port).findFirst();
  }

  RequestObserver requests() {
    return metrics.map(Metrics::requests).orElse(RequestObserver.NONE);
  }

  @Override
  public ObjectStore counted(ObjectStore store) {
    return metrics
        .<ObjectStore>map(counting -> new ObservedObjectStore(store, counting.store()))
        .orElse(store);
  }

  @Override
  public void failed(StoreException failure) {
    metrics.ifPresent(counting -> counting.failed(failure));
  }

  void watch(DiskBlockCache blocks, MountActivity mount) {
    metrics.ifPresent(counting -> {
      counting.watch(blocks);
      counting.watch(mount);
    });
  }

  @Override
  public void close() {
    server.ifPresent(HealthServer::close);
  }
}
