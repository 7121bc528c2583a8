package io.ossmount.csi.node;

import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.fdstore.ServerProcess;
import io.ossmount.csi.fdstore.Session;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.csi.heal.DeadSession;
import io.ossmount.csi.heal.Healing;
import io.ossmount.csi.heal.MountNamespaces;
import io.ossmount.csi.heal.Outcome;
import io.ossmount.csi.heal.PodNotices;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for sessions that are over and still mounted somewhere: every holder of the descriptor
 * died, or the connection was aborted. As soon as a cache pod is there, a new session of the same
 * key is made, and put wherever the dead one is seen; then that goes. Whatever is in the way is
 * tried again later, and what was done stays done. Knows nothing that a restarted plugin would not
 * find: the dead session's own mount and file stay until no one shows it.
 */
final class Healer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Healer.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Sessions that are healed at once; each takes a thread, and it waits for a server. */
  private static final int MOST_AT_ONCE = 4;

  private static final long IDLE_SECONDS = 30;
  private static final Duration SERVED_WITHIN = Duration.ofSeconds(20);

  private static final Duration END = Duration.ofSeconds(5);

  /** New processes may show the dead session while a pass runs. */
  private static final int MOST_PASSES = 3;

  private final FdStore store;
  private final SessionMounts sessions;
  private final MountNamespaces namespaces;
  private final Healing healing;
  private final PodNotices notices;
  private final RetryTimes retries = new RetryTimes(() -> ThreadLocalRandom.current().nextDouble());

  /** By name of a session: the cache pods that can serve it. */
  private final Newcomers<ServerProcess> pods = new Newcomers<>();

  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          0,
          MOST_AT_ONCE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("healing-", 0).factory());

  private final LongAdder healed = new LongAdder();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("healer").factory());

  Healer(
      FdStore store,
      SessionMounts sessions,
      MountNamespaces namespaces,
      Healing healing,
      PodNotices notices) {
    this.store = store;
    this.sessions = sessions;
    this.namespaces = namespaces;
    this.healing = healing;
    this.notices = notices;
  }

  /** Begins to look. */
  void start() {
    var _ =
        timer.scheduleWithFixedDelay(
            this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How many mounts were given a new session. */
  long healed() {
    return healed.sum();
  }

  /** Begins nothing any more, and cuts what is under way: the next plugin completes it. */
  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdownNow();
    try {
      if (!workers.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a dead mount is being healed still");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      var over = store.over();
      var names = over.stream().map(Healer::nameOf).collect(Collectors.toSet());
      retriesOf(() -> retries.keepOnly(names));
      pods.keepOnly(names);
      over.forEach(this::noticePods);
      due(over).forEach(this::begin);
    } catch (RuntimeException | Error e) {
      // Such as no memory for a thread: that passes, and the timer would not come again.
      LOG.error("dead mounts are not looked after", e);
    }
  }

  private void begin(Session session) {
    var name = nameOf(session);
    if (!underWay.add(name)) {
      return;
    }
    boolean begun = false;
    try {
      workers.execute(() -> attempt(session));
      begun = true;
    } catch (RejectedExecutionException _) {
      LOG.debug("session {}: all are busy; the next look comes soon", name);
    } finally {
      if (!begun) {
        underWay.remove(name);
      }
    }
  }

  /** What failed with the last cache pod, or for want of one, is tried at once with the next. */
  private void noticePods(Session session) {
    var name = nameOf(session);
    if (pods.isNew(name, store.newestServer(session.info().key().ossMountUid()))) {
      retriesOf(() -> retries.endPause(name, System.nanoTime()));
    }
  }

  private void attempt(Session session) {
    var name = session.info().name();
    var done = false;
    try {
      done = heal(session);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (VolumeException | IOException e) {
      LOG.warn("session {} is not healed yet: {}", name, e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("session {} is not healed yet", name, e);
    } finally {
      if (!done) {
        retriesOf(() -> retries.failed(name, System.nanoTime()));
      }
      underWay.remove(name);
    }
  }

  /** Whether nothing is left of it. */
  private boolean heal(Session session) throws IOException, InterruptedException {
    var dead = new DeadSession(session.info().name(), session.device());
    if (!sessions.isMounted(session)) {
      LOG.info("session {} is unmounted already; nobody can tell who shows it", session);
      return sessions.endDead(session, () -> false);
    }
    if (!namespaces.anyUses(dead)) {
      return sessions.endDead(session, () -> namespaces.anyUses(dead));
    }
    var info = session.info();
    if (!store.hasPod(info.key().ossMountUid())) {
      LOG.debug("session {} is dead, and no cache pod is there", session);
      return false;
    }
    return replace(dead, session) && sessions.endDead(session, () -> namespaces.anyUses(dead));
  }

  private boolean replace(DeadSession dead, Session session)
      throws IOException, InterruptedException {
    var deadline = Deadline.after(SERVED_WITHIN);
    var next = sessions.acquire(session.info().key(), session.info().ossMount(), deadline);
    var isShown = false;
    try {
      var state = sessions.awaitServed(next, deadline);
      if (!(state instanceof Serving)) {
        LOG.warn("session {} cannot take the place of {}: {}", next, session, state.inWords());
        return false;
      }
      // A pass that is cut by an exception may have put it somewhere.
      isShown = true;
      return replace(dead, next.info().ossMount(), sessions.directory(next), next.device());
    } finally {
      if (isShown) {
        sessions.release(next);
      } else {
        sessions.giveUp(next);
      }
    }
  }

  private boolean replace(DeadSession dead, String ossMount, Path mount, String device)
      throws IOException, InterruptedException {
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      var outcomes = healing.pass(dead, mount, device);
      long now = outcomes.stream().filter(Outcome::isHealed).count();
      healed.add(now);
      LOG.info("of {} mounts of {}, {} are healed", outcomes.size(), dead.name(), now);
      notices.tell(ossMount, outcomes);
      if (!namespaces.anyUses(dead)) {
        return true;
      }
      if (now == 0) {
        return false;
      }
    }
    return false;
  }

  private static String nameOf(Session session) {
    return session.info().name();
  }

  private List<Session> due(List<Session> over) {
    synchronized (retries) {
      return retries.due(over, Healer::nameOf, System.nanoTime());
    }
  }

  private void retriesOf(Runnable change) {
    synchronized (retries) {
      change.run();
    }
  }
}
