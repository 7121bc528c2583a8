package io.ossmount.cache.serve;

import io.ossmount.cache.control.CacheControlService.SessionReport;
import io.ossmount.cache.control.StoreHealth;
import io.ossmount.cache.control.StoreMonitor;
import io.ossmount.cache.serve.PluginLink.Refusal;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.server.FuseServer;
import io.ossmount.fuse.server.Session;
import io.ossmount.proto.session.v1.SessionOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of this process. One that is given is served as soon as the store is good; until
 * then the plugin is told why not. A few platform threads do that for all of them. Thread-safe.
 */
public final class PodSessions implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PodSessions.class);
  private static final int THREADS = 4;
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final long LOOK_MILLIS = 10;

  /** A session that stops waits so long for the requests under way, and a moment more. */
  private static final Duration STOP = Duration.ofSeconds(11);

  private final FuseServer server;
  private final SessionFactory factory;
  private final StoreMonitor monitor;
  private final PluginLink plugin;
  private final PluginBacking backing;
  private final PluginProcesses processes;
  private final SessionsToCome toCome;
  private final Map<String, PodSession> sessions = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor threads =
      new ScheduledThreadPoolExecutor(
          THREADS, Thread.ofPlatform().name("sessions-", 0).daemon().factory());

  PodSessions(
      FuseServer server,
      SessionFactory factory,
      StoreMonitor monitor,
      PluginLink plugin,
      PluginBacking backing,
      PluginProcesses processes,
      SessionsToCome toCome) {
    this.server = server;
    this.factory = factory;
    this.monitor = monitor;
    this.plugin = plugin;
    this.backing = backing;
    this.processes = processes;
    this.toCome = toCome;
    monitor.onChange(this::tryAll);
  }

  /** What there is to tell the operator. */
  public List<SessionReport> reports() {
    return sessions.values().stream()
        .map(session ->
            new SessionReport(session.name(), session.options().volume(), session.openFiles()))
        .toList();
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return sessions.isEmpty();
  }

  List<PodSession> all() {
    return List.copyOf(sessions.values());
  }

  /**
   * The plugin gives a session. Takes over its descriptors.
   *
   * @param told what it is for, in the plugin's words
   * @param backingIds that earlier servers had opened
   */
  void give(
      String name, SessionOptions told, List<Descriptor> descriptors, List<Integer> backingIds) {
    PodSession given = new PodSession(name, told, descriptors);
    PodSession known = sessions.putIfAbsent(name, given);
    if (known == null) {
      backing.inherit(name, backingIds);
      submit(() -> tryToServe(given));
    } else {
      // Said again, such as after a connection that broke in between.
      given.end();
      submit(() -> report(known));
    }
  }

  /** The plugin does not want a session any more. */
  void forget(String name) {
    submit(() -> {
      PodSession known = sessions.remove(name);
      if (known != null) {
        known.end();
      }
      backing.forget(name);
      plugin.ended(name);
      lookWhoMayCome();
    });
  }

  /**
   * The plugin says which sessions are served or may come; see {@link SessionsToCome#told}. Those
   * that it gave before are here.
   */
  void living(Optional<Set<String>> names) {
    toCome.told(names);
    lookWhoMayCome();
  }

  private void lookWhoMayCome() {
    Set<String> served =
        all().stream()
            .filter(PodSession::isServed)
            .map(PodSession::name)
            .collect(Collectors.toSet());
    // After that: one that comes in between is not served.
    toCome.look(Set.copyOf(sessions.keySet()), served);
  }

  /** The plugin lets us go: the session is not read any more, and kept until {@link #handOver}. */
  void release(String name) {
    PodSession known = sessions.get(name);
    if (known != null) {
      submit(known::release);
    }
  }

  /**
   * Waits until no session is read any more.
   *
   * @param patience so long those go on that the plugin does not release
   */
  void awaitStopped(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!allStopped() && System.nanoTime() - deadline < 0) {
      Thread.sleep(LOOK_MILLIS);
    }
    all().forEach(session -> submit(session::stop));
    long end = System.nanoTime() + STOP.toNanos();
    while (!allStopped() && System.nanoTime() - end < 0) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private boolean allStopped() {
    return all().stream().allMatch(PodSession::isStopped);
  }

  /** Gives all of them to the next process. */
  void handOver() {
    for (PodSession session : all()) {
      sessions.remove(session.name());
      session.stop();
      if (session.handOver()) {
        plugin.handedOver(session.name());
      }
    }
  }

  /** Says again what the plugin of a new connection cannot know. */
  void reportAll() {
    all().forEach(session -> submit(() -> report(session)));
  }

  @Override
  public void close() {
    threads.shutdownNow();
    handOver();
  }

  private void report(PodSession session) {
    if (session.isServed()) {
      plugin.serving(session.name());
    } else {
      session.refusal().ifPresent(why -> plugin.notServing(session.name(), why));
    }
  }

  private void tryAll() {
    for (PodSession session : all()) {
      if (!session.isServed()) {
        submit(() -> tryToServe(session));
      }
    }
  }

  private void tryToServe(PodSession session) {
    StoreHealth store = monitor.health();
    // Who had it open before reads on from the cache.
    if (!store.isGood() && !session.isTakenOver()) {
      // Tried again when the monitor finds something else.
      refuse(session, new Refusal(store.reason(), store.message()));
      return;
    }
    try {
      session
          .serve(server, factory, backing, processes)
          .ifPresent(started -> served(session, started));
    } catch (StoreException e) {
      monitor.failed(e);
      refuse(session, new Refusal(StoreHealth.reason(e), String.valueOf(e.getMessage())));
      tryLater(session);
    } catch (IOException | RuntimeException e) {
      log.error("session {} cannot be served", session.name(), e);
      refuse(session, new Refusal("ServingFailed", e.toString()));
      tryLater(session);
    }
  }

  private void refuse(PodSession session, Refusal why) {
    if (session.refuse(why)) {
      log.info("session {} waits: {} {}", session.name(), why.reason(), why.message());
      plugin.notServing(session.name(), why);
    }
  }

  private void served(PodSession session, Session started) {
    plugin.serving(session.name());
    lookWhoMayCome();
    var _ = started.ended().thenAccept(end -> submit(() -> ended(session, end)));
  }

  /** The kernel has ended it. One that we gave up ourselves is not to be told of. */
  private void ended(PodSession session, Session.End end) {
    if (end == Session.End.DISCONNECTED && sessions.remove(session.name(), session)) {
      backing.forget(session.name());
      plugin.ended(session.name());
      lookWhoMayCome();
    }
  }

  private void tryLater(PodSession session) {
    long millis = RETRY.toMillis() / 2 + ThreadLocalRandom.current().nextLong(RETRY.toMillis());
    try {
      var _ = threads.schedule(() -> tryToServe(session), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("session {} is not tried again: the process ends", session.name());
    }
  }

  private void submit(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      log.debug("not done any more: the process ends");
    }
  }
}
