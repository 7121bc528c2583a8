package io.ossmount.cache;

import io.ossmount.cache.block.CacheActivity;
import io.ossmount.cache.block.CacheLimits;
import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.config.ConfigurationWatcher;
import io.ossmount.cache.config.ConfigurationWatcher.Loaded;
import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.control.CacheControlService;
import io.ossmount.cache.control.CacheControlService.PodStatus;
import io.ossmount.cache.control.ControlServer;
import io.ossmount.cache.control.HealthServer;
import io.ossmount.cache.control.PendingReport;
import io.ossmount.cache.control.PodTraffic;
import io.ossmount.cache.control.StoreMonitor;
import io.ossmount.cache.control.StoreTraffic;
import io.ossmount.cache.fs.PendingWrites;
import io.ossmount.cache.memory.MemoryPlan;
import io.ossmount.cache.metrics.Metrics;
import io.ossmount.cache.reset.CacheReset;
import io.ossmount.cache.serve.SessionClient;
import io.ossmount.cache.serve.SessionsToCome;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObservedObjectStore;
import io.ossmount.cache.store.RetryingObjectStore;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.SwappableObjectStore;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.fuse.server.FuseServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a cache pod, put together. What is started later stands on what was started
 * earlier and is ended before it.
 */
final class CachePod implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CachePod.class);

  /** How long the operator's questions wait for sessions of the process before. */
  private static final Duration SESSIONS_FIRST = Duration.ofMillis(500);

  /**
   * How long they wait again for what waits in these sessions: to make ready for TLS takes a
   * processor a tenth of a second, which applications need. With a start that is not slow, less
   * than kubelet takes to find that a pod is not ready any more.
   */
  private static final Duration REQUESTS_FIRST = Duration.ofMillis(2_500);

  private static final Duration NEXT_INTERVAL = Duration.ofMillis(50);

  private final MemoryPlan memory = Memory.plan();
  private final ConfigurationWatcher configuration;
  private final Metrics metrics;
  private final HealthServer health;

  /** Closed by who ends the process, maybe while the last ones are made. */
  private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();

  private final Path certificates;
  private final int wantedControlPort;
  private volatile MountSettings settings;
  private final SwappableObjectStore swappable;
  private final StoreTraffic storeTraffic;
  private final StoreMonitor monitor;
  private final DiskBlockCache cache;
  private final FuseServer server;
  private final MountedFiles files;
  private final SessionsToCome toCome;
  private final SessionClient client;
  private volatile @Nullable ControlServer control;
  private final CacheReset reset;
  private final CacheReset.Contents contents;
  private volatile boolean isEnding;

  /**
   * What a cache pod is told by its environment.
   *
   * @param configuration directory of the Secret: {@code mount.json} and the certificates
   * @param node directory on the node: {@code plugin.sock} and {@code cache}
   * @param nodeName "" when it is not known
   * @param sessionPatience how long what was written waits for its session after the process before
   *     was killed, when the plugin does not say that it does not come
   * @param unwantedFlags of FUSE INIT, that are not asked for: {@link FuseServer.Options}
   */
  record Surroundings(
      Path configuration,
      Path node,
      String nodeName,
      SessionClient.PodName pod,
      int controlPort,
      int healthPort,
      Duration sessionPatience,
      long unwantedFlags) {}

  /** Prepares it and serves. */
  static CachePod start(Surroundings around)
      throws IOException, GeneralSecurityException, InterruptedException {
    CachePod pod = prepare(around);
    pod.serve();
    return pod;
  }

  /**
   * All that has to be there before a session comes; waits for a configuration that is right.
   *
   * @throws IOException a port or the cache directory cannot be used
   */
  static CachePod prepare(Surroundings around)
      throws IOException, GeneralSecurityException, InterruptedException {
    ConfigurationWatcher watcher =
        new ConfigurationWatcher(around.configuration().resolve("mount.json"));
    watcher.start();
    // Before anything that may wait: kubelet begins to probe at once.
    AtomicReference<BooleanSupplier> ready = new AtomicReference<>(() -> false);
    Metrics metrics = new Metrics();
    HealthServer health =
        new HealthServer(
            new InetSocketAddress(around.healthPort()),
            () -> ready.get().getAsBoolean(),
            new HealthServer.Exposition(Metrics.CONTENT_TYPE, metrics::write));
    CachePod pod = new CachePod(around, metrics, health, watcher, watcher.awaitFirst());
    ready.set(pod::isReady);
    return pod;
  }

  private CachePod(
      Surroundings around,
      Metrics metrics,
      HealthServer health,
      ConfigurationWatcher configuration,
      Loaded first)
      throws IOException, GeneralSecurityException, InterruptedException {
    this.certificates = around.configuration();
    this.wantedControlPort = around.controlPort();
    this.metrics = metrics;
    this.health = keep(health);
    this.configuration = keep(configuration);
    this.settings = first.settings();
    this.swappable = keep(newStore(settings));
    this.storeTraffic = new StoreTraffic(metrics.store());
    RetryingObjectStore store =
        new RetryingObjectStore(
            new ObservedObjectStore(swappable, storeTraffic),
            () -> settings.timeouts().operation(),
            this::storeFailed);
    this.monitor =
        keep(
            new StoreMonitor(
                () -> store.check(settings.source().prefix(), !settings.readOnly()),
                StoreMonitor.Intervals.USUAL,
                Clock.systemUTC()));
    // The store takes longest to answer: the rest is made meanwhile.
    monitor.start();
    Path directory = around.node().resolve("cache");
    this.reset = new CacheReset(directory.resolve("reset"), Clock.systemUTC());
    this.cache =
        keep(
            DiskBlockCache.start(
                directory.resolve("blocks"),
                settings.source().bucket(),
                store,
                limits(settings),
                Memory.ofBlocks(memory),
                () -> reset.isDue(settings.reset())));
    this.toCome = new SessionsToCome(around.sessionPatience());
    FuseServer.Options limits = Memory.ofServer(memory).withoutFlags(around.unwantedFlags());
    this.server = keep(FuseServer.start(limits, metrics.requests()));
    this.files =
        keep(
            MountedFiles.of(
                settings,
                memory,
                store,
                cache,
                directory.resolve("staging"),
                around.nodeName(),
                toCome,
                new CountedRequests(metrics, storeTraffic)));
    this.contents = new CacheReset.Contents(cache.emptying(), files::reset);
    keep(reset).start(settings.reset(), contents, around.sessionPatience());
    toCome.whenAllCame(() -> reset.noneComes(contents));
    this.client =
        keep(
            new SessionClient(
                around.node().resolve("plugin.sock"),
                around.pod(),
                server,
                files.sessions(),
                monitor,
                toCome));
    configuration.onChange(first, this::reconfigure);
  }

  /**
   * Takes sessions, and answers the operator's questions.
   *
   * @throws IOException the port or a certificate cannot be used
   */
  void serve() throws IOException, GeneralSecurityException, InterruptedException {
    client.start();
    awaitSessions();
    control =
        keep(
            ControlServer.start(
                certificates,
                wantedControlPort,
                new CacheControlService(this::status, this::traffic, files.directories())));
    metrics.watch(cache);
    metrics.watch(files.activity());
  }

  private void awaitSessions() throws InterruptedException {
    toCome.await(SESSIONS_FIRST);
    if (!client.sessions().isEmpty()) {
      Thread.sleep(REQUESTS_FIRST);
    }
  }

  /** Whether one of those who take requests comes within this time. */
  boolean isReading(Duration within) throws InterruptedException {
    return server.isReading(within);
  }

  int controlPort() {
    return Objects.requireNonNull(control).port();
  }

  int healthPort() {
    return health.port();
  }

  /**
   * Gives the sessions to the next process: they are served until that waits for the cache, and
   * then until the plugin lets them go. What was written and not uploaded is theirs: the next
   * process goes on with it. When there is no session, it goes to OSS.
   *
   * @param next how long the next process may take until it waits; it may be one that is started
   *     only when this one has ended
   * @param patience how long the plugin may take
   */
  void leave(Duration next, Duration patience) throws InterruptedException {
    isEnding = true;
    awaitNext(next);
    client.leave(patience);
    if (client.sessions().isEmpty()) {
      files.close();
    } else {
      files.handOver();
    }
    client.handOver();
  }

  private void awaitNext(Duration most) throws InterruptedException {
    long start = System.nanoTime();
    while (!client.sessions().isEmpty()
        && !cache.isAwaited()
        && System.nanoTime() - start < most.toNanos()) {
      Thread.sleep(NEXT_INTERVAL);
    }
  }

  @Override
  public void close() {
    isEnding = true;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("a part of the process did not end well", e);
      }
    }
  }

  private void storeFailed(StoreException failure) {
    metrics.failed(failure);
    monitor.failed(failure);
  }

  /** A pod is ready when it can tell how it is doing; whether the store is well, it tells. */
  private boolean isReady() {
    return !isEnding
        && control != null
        && (client.isConnected() || monitor.health().checked().isPresent());
  }

  /** What the operator is told. */
  PodStatus status() {
    Loaded loaded = Objects.requireNonNull(configuration.inForce());
    return new PodStatus(
        loaded.hash(),
        monitor.health(),
        client.sessions().reports(),
        cache.usage(),
        pending(files.activity().pending()),
        reset.report(),
        files.nestedHealth(),
        client.deadSessions());
  }

  private static PendingReport pending(PendingWrites writes) {
    return new PendingReport(
        writes.bytes(),
        writes.objects(),
        writes.oldest(),
        writes.conflicts(),
        writes
            .lastConflict()
            .map(both -> new PendingReport.Both(both.key(), both.kept(), both.time())));
  }

  private PodTraffic traffic() {
    CacheActivity activity = cache.activity();
    return new PodTraffic(
        cache.usage(),
        activity.answeredReads() + activity.waitedReads(),
        storeTraffic.counts(),
        files.activity().runningUploads());
  }

  private void reconfigure(Loaded loaded) {
    MountSettings before = settings;
    MountSettings now = loaded.settings();
    if (!now.source().bucket().equals(before.source().bucket())
        || !now.source().prefix().equals(before.source().prefix())) {
      log.warn("another bucket or directory is served by the next process");
      return;
    }
    settings = now;
    if (!now.source().equals(before.source()) || !now.timeouts().equals(before.timeouts())) {
      OssObjectStore store = OssObjectStore.connect(now.source(), now.timeouts());
      swappable.swap(store, store::close);
    }
    cache.limits(limits(now));
    applyTo(files, now);
    reset.ask(now.reset(), contents);
    monitor.checkSoon();
  }

  private static void applyTo(MountedFiles files, MountSettings now) {
    try {
      files.apply(now);
    } catch (IOException e) {
      log.warn("the size of the staging directory stays what it was: {}", e.getMessage());
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /** Of nested mounts: they count like the mount's own. */
  private record CountedRequests(Metrics metrics, StoreTraffic traffic) implements StoreRequests {
    @Override
    public ObjectStore counted(ObjectStore store) {
      return new ObservedObjectStore(store, traffic);
    }

    @Override
    public void failed(StoreException failure) {
      metrics.failed(failure);
    }
  }

  private static SwappableObjectStore newStore(MountSettings settings) {
    OssObjectStore store = OssObjectStore.connect(settings.source(), settings.timeouts());
    return new SwappableObjectStore(store, store::close);
  }

  static CacheLimits limits(MountSettings settings) {
    MountSettings.Cache cache = settings.cache();
    return new CacheLimits(cache.sizeBytes(), cache.keepFreeBytes(), cache.readAheadBytes());
  }
}
