package io.ossmount.csi.fdstore;

import io.ossmount.csi.fdstore.SessionState.Asked;
import io.ossmount.csi.fdstore.SessionState.NotServing;
import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.csi.fdstore.SessionState.Unclaimed;
import io.ossmount.csi.fdstore.SessionState.Unserved;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.SessionKey;
import io.ossmount.csi.volume.VolumeId;
import io.ossmount.proto.session.v1.Forget;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.Serve;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the descriptors of all sessions and finds a server for each. Thread-safe.
 *
 * <p>A session is served by one cache pod at a time. When that pod's connection ends, the session
 * waits, its mount alive, and goes to the newest pod of its OssMount once the process that served
 * it is gone: two servers on one descriptor would take requests from each other. After a restart of
 * the plugin the pods hand the descriptors back with their Hello and have been serving all along.
 */
public final class FdStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FdStore.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Session> sessions = new LinkedHashMap<>();
  private final List<PodLink> pods = new ArrayList<>();

  /** Takes a new session, and has it served if a cache pod is there. Owns the descriptors. */
  public Session add(SessionInfo info, String device, Descriptors descriptors) {
    lock.lock();
    try {
      var session = new Session(info, device, lock.newCondition(), new Unserved(), descriptors);
      sessions.put(info.name(), session);
      findServer(session);
      return session;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a session that the mount table shows and whose descriptors a cache pod holds. */
  public Session adopt(SessionInfo info, String device) {
    lock.lock();
    try {
      var session = new Session(info, device, lock.newCondition(), new Unclaimed(), null);
      sessions.put(info.name(), session);
      return session;
    } finally {
      lock.unlock();
    }
  }

  /** The session with this key. */
  public Optional<Session> find(SessionKey key) {
    lock.lock();
    try {
      return sessions.values().stream().filter(s -> s.info().key().equals(key)).findFirst();
    } finally {
      lock.unlock();
    }
  }

  /** The session with this device in the mount table. */
  public Optional<Session> findByDevice(String device) {
    lock.lock();
    try {
      return sessions.values().stream().filter(s -> s.device().equals(device)).findFirst();
    } finally {
      lock.unlock();
    }
  }

  /** All sessions of a volume. */
  public List<Session> ofVolume(VolumeId volume) {
    lock.lock();
    try {
      return sessions.values().stream()
          .filter(s -> s.info().key().volume().equals(volume))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a session or a cache pod of the OssMount is known. */
  public boolean isInUse(String ossMountUid) {
    lock.lock();
    try {
      return newestPod(ossMountUid) != null
          || sessions.values().stream()
              .anyMatch(s -> s.info().key().ossMountUid().equals(ossMountUid));
    } finally {
      lock.unlock();
    }
  }

  /** What is the case now. */
  public SessionState state(Session session) {
    lock.lock();
    try {
      return session.state;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the session is served or over; returns what is the case then, or in the end. */
  public SessionState awaitServed(Session session, Deadline deadline) throws InterruptedException {
    return await(session, deadline, true);
  }

  /**
   * Tells the cache pod that the session is not wanted any more, and waits until it says that it
   * holds nothing of it, or the deadline has passed.
   */
  public void forget(Session session, Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      session.unwanted = true;
      var pod = session.state.pod();
      if (pod.isEmpty()) {
        return;
      }
      pod.get().send(forget(session.info().name()), List.of());
    } finally {
      lock.unlock();
    }
    await(session, deadline, false)
        .pod()
        .ifPresent(
            pod -> LOG.warn("{} did not let go of session {} in time", pod.label(), session));
  }

  /** Gives up the session and closes its descriptors. */
  public void remove(Session session) {
    lock.lock();
    try {
      sessions.remove(session.info().name(), session);
      session.become(new Over());
      if (session.descriptors != null) {
        session.descriptors.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets go of all descriptors and cache pods, as the end of the process would. The mounts stay:
   * the pods go on serving them, and hand the descriptors back to the next plugin.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      List.copyOf(sessions.values()).forEach(this::remove);
      List.copyOf(pods).forEach(PodLink::close);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A cache pod is there.
   *
   * @param held the sessions that it has been serving, with their descriptors, which this owns from
   *     now on
   */
  void connected(PodLink pod, Map<String, Descriptors> held) {
    lock.lock();
    try {
      LOG.info(
          "cache pod {} (process {}) is connected and serves {} sessions",
          pod.label(),
          pod.pid(),
          held.size());
      pods.add(pod);
      held.forEach((name, descriptors) -> reclaim(pod, name, descriptors));
      for (var session : sessionsOf(pod.ossMountUid())) {
        if (session.state instanceof Unclaimed) {
          // No one else can have it: the pod that served it died while the plugin was away. Should
          // an
          // older pod still come with it, it is taken back.
          LOG.warn("session {} is dead: no one has kept its descriptors", session);
          session.become(new Over());
        } else {
          findServer(session);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The pod's connection has ended: no one serves its sessions. */
  void disconnected(PodLink pod) {
    lock.lock();
    try {
      LOG.info("cache pod {} (process {}) is gone", pod.label(), pod.pid());
      pods.remove(pod);
      var end = pod.processEnd();
      for (var session : sessionsOf(pod.ossMountUid())) {
        if (isWith(session, pod)) {
          session.lastServer = new Session.LastServer(pod.pid(), end);
          session.become(session.descriptors == null ? new Over() : new Unserved());
          findServer(session);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the kernel is told of for a session that the pod serves.
   *
   * @throws IOException it does not serve such a session
   */
  BackingLedger backing(PodLink pod, String name) throws IOException {
    lock.lock();
    try {
      var session = sessions.get(name);
      if (session == null || !isWith(session, pod)) {
        throw new IOException("the pod does not serve session " + name);
      }
      var descriptors = session.descriptors;
      if (session.backing == null && descriptors != null) {
        session.backing = new BackingLedger(descriptors.fuse());
      }
      if (session.backing == null) {
        throw new IOException("session " + name + " has no descriptors");
      }
      return session.backing;
    } finally {
      lock.unlock();
    }
  }

  /** The pod answers requests of the session. */
  void serving(PodLink pod, String name) {
    change(pod, name, new Serving(pod));
  }

  /** The pod cannot serve the session for now. */
  void notServing(PodLink pod, String name, String reason, String message) {
    change(pod, name, new NotServing(pod, reason, message));
  }

  /** The pod holds nothing of the session any more. */
  void ended(PodLink pod, String name) {
    change(pod, name, new Over());
  }

  private void change(PodLink pod, String name, SessionState next) {
    lock.lock();
    try {
      var session = sessions.get(name);
      if (session != null && isWith(session, pod)) {
        LOG.info("session {}: {}", session, next.inWords());
        session.become(next);
      }
    } finally {
      lock.unlock();
    }
  }

  private void reclaim(PodLink pod, String name, Descriptors descriptors) {
    var session = sessions.get(name);
    if (session == null
        || session.unwanted
        || !session.info().key().ossMountUid().equals(pod.ossMountUid())) {
      descriptors.close();
      pod.send(forget(name), List.of());
      return;
    }
    if (session.descriptors == null) {
      session.descriptors = descriptors;
    } else {
      descriptors.close();
    }
    session.become(new Serving(pod));
  }

  private void findServer(Session session) {
    var pod = newestPod(session.info().key().ossMountUid());
    var descriptors = session.descriptors;
    if (pod == null
        || descriptors == null
        || session.unwanted
        || !(session.state instanceof Unserved)) {
      return;
    }
    var last = session.lastServer;
    if (last != null && last.pid() != pod.pid() && !last.end().isDone()) {
      LOG.info("session {} waits for the end of process {}", session, last.pid());
      var _ = last.end().whenComplete((_, _) -> findServerAgain(session));
      return;
    }
    if (session.backing != null) {
      // The next server knows nothing of them; what is open with them goes on.
      session.backing.closeAll();
      session.backing = null;
    }
    session.become(new Asked(pod));
    var serve =
        Serve.newBuilder().setSession(session.info().name()).setOptions(session.info().options());
    pod.send(PluginFrame.newBuilder().setServe(serve).build(), descriptors.inOrder());
  }

  private void findServerAgain(Session session) {
    lock.lock();
    try {
      findServer(session);
    } finally {
      lock.unlock();
    }
  }

  private SessionState await(Session session, Deadline deadline, boolean alsoServing)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!isSettled(session.state, alsoServing) && !deadline.hasPassed()) {
        var _ = session.changed.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      }
      return session.state;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isSettled(SessionState state, boolean alsoServing) {
    return switch (state) {
      case Over _ -> true;
      case Serving _ -> alsoServing;
      // To be forgotten, and the pod is gone: there is no one left to wait for.
      case Unserved _, Unclaimed _ -> !alsoServing;
      case Asked _, NotServing _ -> false;
    };
  }

  private List<Session> sessionsOf(String ossMountUid) {
    return sessions.values().stream()
        .filter(session -> session.info().key().ossMountUid().equals(ossMountUid))
        .toList();
  }

  private @Nullable PodLink newestPod(String ossMountUid) {
    return pods.reversed().stream()
        .filter(pod -> pod.ossMountUid().equals(ossMountUid))
        .findFirst()
        .orElse(null);
  }

  private static boolean isWith(Session session, PodLink pod) {
    return session.state.pod().filter(pod::equals).isPresent();
  }

  private static PluginFrame forget(String name) {
    return PluginFrame.newBuilder().setForget(Forget.newBuilder().setSession(name)).build();
  }
}
