package io.ossmount.operator.control;

import io.grpc.StatusRuntimeException;
import io.ossmount.operator.control.PodReport.CacheFigures;
import io.ossmount.operator.control.PodReport.Reset;
import io.ossmount.operator.control.PodReport.Store;
import io.ossmount.proto.control.v1.GetStatusResponse;
import io.ossmount.proto.control.v1.StoreCheck;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every cache pod that it was told of in turn, and remembers the latest answers. A pod that
 * serves with all buckets reachable and no dead volume is asked every {@code fine}, any other every
 * {@code broken}, each with a jitter of a fifth. At most {@value #MAX_IN_FLIGHT} pods are asked at
 * a time; the others wait for their turn. Safe for use by many threads.
 */
public final class StatusPoller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusPoller.class);
  private static final int MAX_IN_FLIGHT = 64;
  private static final long TICK_MILLIS = 250;
  private static final int MAX_MOUNTS = 64;

  private final ControlClient client;
  private final Clock clock;
  private final Duration fine;
  private final Duration broken;
  // By the UIDs of the OssMount and of the pod; the inner maps are replaced whole.
  private final Map<String, Map<String, Entry>> mounts = new ConcurrentHashMap<>();
  private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread ticker =
      Thread.ofPlatform().name("status-poller").daemon().unstarted(this::tickUntilClosed);
  private volatile Consumer<String> listener = _ -> {};
  private volatile TrafficListener traffic = TrafficListener.NONE;

  /** One pod. Only the worker that asks it writes its report; there is one at a time. */
  private static final class Entry {
    final String mountUid;
    final PodAddress address;
    volatile PodReport report = PodReport.NONE;
    volatile Instant due;
    volatile boolean asking;

    Entry(String mountUid, PodAddress address, Instant due) {
      this.mountUid = mountUid;
      this.address = address;
      this.due = due;
    }
  }

  /**
   * A poller at rest.
   *
   * @param fine between two questions to a pod that is fine
   * @param broken between two questions to any other
   */
  public StatusPoller(GrpcControlClient client, Clock clock, Duration fine, Duration broken) {
    this((ControlClient) client, clock, fine, broken);
  }

  StatusPoller(ControlClient client, Clock clock, Duration fine, Duration broken) {
    this.client = client;
    this.clock = clock;
    this.fine = fine;
    this.broken = broken;
  }

  /**
   * Starts asking.
   *
   * @param changed takes the UID of an OssMount when one of its pods says something new; must not
   *     block
   */
  public void start(Consumer<String> changed) {
    listener = changed;
    ticker.start();
  }

  /** Tells this listener from now on, and no other, what pods say of their traffic. */
  public void traffic(TrafficListener told) {
    traffic = told;
  }

  /**
   * Says which pods an OssMount has now; those that it had before and that are not named are
   * forgotten.
   */
  public void watch(String mountUid, Collection<PodAddress> addresses) {
    if (addresses.isEmpty()) {
      forget(mountUid);
      return;
    }
    var before = of(mountUid);
    var after = new HashMap<String, Entry>();
    for (var address : addresses) {
      var known = before.get(address.uid());
      after.put(
          address.uid(),
          known != null && known.address.equals(address)
              ? known
              : new Entry(mountUid, address, clock.instant()));
    }
    mounts.put(mountUid, Map.copyOf(after));
    before.keySet().stream().filter(uid -> !after.containsKey(uid)).forEach(client::forget);
  }

  /** Forgets an OssMount that is gone. */
  public void forget(String mountUid) {
    var before = mounts.remove(mountUid);
    if (before != null) {
      traffic.forgotten(mountUid);
      before.keySet().forEach(client::forget);
    }
  }

  /**
   * What the pods of an OssMount said last, by the pods' UIDs; {@link PodReport#NONE} of one that
   * was never asked.
   */
  public Map<String, PodReport> reports(String mountUid) {
    return of(mountUid).entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().report));
  }

  /** Where a pod of an OssMount answers, if it is one that is asked. */
  public Optional<PodAddress> address(String mountUid, String podUid) {
    return Optional.ofNullable(of(mountUid).get(podUid)).map(entry -> entry.address);
  }

  @Override
  public void close() {
    ticker.interrupt();
    workers.shutdownNow();
    client.close();
  }

  private Map<String, Entry> of(String mountUid) {
    return mounts.getOrDefault(mountUid, Map.of());
  }

  private void tickUntilClosed() {
    while (!workers.isShutdown()) {
      try {
        tick();
        Thread.sleep(TICK_MILLIS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.error("Cannot ask cache pods", e);
      }
    }
  }

  private void tick() {
    var now = clock.instant();
    for (var pods : mounts.values()) {
      for (var entry : pods.values()) {
        if (!entry.asking && !entry.due.isAfter(now) && inFlight.tryAcquire()) {
          entry.asking = true;
          workers.execute(() -> ask(entry));
        }
      }
    }
  }

  private void ask(Entry entry) {
    try {
      var before = entry.report;
      var after = answer(entry);
      entry.report = after;
      if (!after.says(before) && of(entry.mountUid).get(entry.address.uid()) == entry) {
        listener.accept(entry.mountUid);
      }
    } finally {
      entry.due = clock.instant().plus(interval(entry.report));
      entry.asking = false;
      inFlight.release();
    }
  }

  private PodReport answer(Entry entry) {
    try {
      var response = client.status(entry.address);
      var now = clock.instant();
      if (response.hasTraffic() && of(entry.mountUid).get(entry.address.uid()) == entry) {
        traffic.told(
            entry.mountUid, entry.address, now, TrafficMessages.read(response.getTraffic()));
      }
      return read(response, now);
    } catch (StatusRuntimeException e) {
      LOG.debug("Cache pod {} does not answer: {}", entry.address, e.getStatus());
      return entry.report.failed(e.getStatus().getCode() + describe(e));
    } catch (RuntimeException e) {
      LOG.warn("Cannot ask cache pod {}", entry.address, e);
      return entry.report.failed(e.getClass().getSimpleName());
    }
  }

  private static String describe(StatusRuntimeException e) {
    var description = e.getStatus().getDescription();
    return description == null ? "" : ": " + description.lines().findFirst().orElse("");
  }

  private Duration interval(PodReport report) {
    var base = report.isFine() ? fine : broken;
    long millis = base.toMillis();
    return Duration.ofMillis(
        millis - millis / 10 + ThreadLocalRandom.current().nextLong(millis / 5 + 1));
  }

  private static PodReport read(GetStatusResponse response, Instant now) {
    var cache = response.getCache();
    return new PodReport(
        now,
        null,
        response.getConfigurationHash(),
        store(response.getStore()),
        response.getSessionsCount(),
        new CacheFigures(
            cache.getCapacityBytes(),
            cache.getUsedBytes(),
            cache.getHitBytes(),
            cache.getMissBytes()),
        mounts(response),
        reset(response),
        PendingFigures.of(response.getPending()),
        DeadSessions.of(response.getDeadSessions()));
  }

  /** No more than an OssMount can have: what comes over the wire is bounded by us. */
  private static Map<String, Store> mounts(GetStatusResponse response) {
    var mounts = new HashMap<String, Store>();
    response.getMountsList().stream()
        .limit(MAX_MOUNTS)
        .forEach(mount ->
            mounts.put(mount.getPath(), store(mount.getStore()).hiding(mount.getHidesFile())));
    return mounts;
  }

  private static Store store(StoreCheck check) {
    return new Store(check.getReason(), check.getMessage(), check.getDirectoryEmpty());
  }

  private static Reset reset(GetStatusResponse response) {
    var reset = response.getReset();
    return new Reset(
        reset.getValue(), reset.getDroppedBytes(), reset.getError(), reset.hasFinished());
  }
}
