package io.ossmount.csi.fdstore;

import io.ossmount.csi.fdstore.SessionState.NotServing;
import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.csi.fdstore.SessionState.Unserved;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.SessionKey;
import io.ossmount.csi.volume.VolumeId;
import io.ossmount.fuse.server.StandIns;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the descriptors of all sessions and finds a server for each. Thread-safe.
 *
 * <p>A session is served by one process at a time. When its connection ends, the session waits, its
 * mount alive, and goes to the newest pod of its OssMount once that process is provably dead: two
 * servers on one descriptor would take requests from each other. Until there is a pod this process
 * is its stand-in. After a restart of the plugin the pods hand the descriptors back with their
 * Hello and have been serving all along.
 */
public final class FdStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FdStore.class);
  private static final Duration LOOK_FOR_HOLDERS = Duration.ofMillis(50);

  private final SessionTable sessions = new SessionTable();
  private final PodRoster pods = new PodRoster();
  private final StandInOffice standIns;
  private final Placement placement;
  private final UnknownSessions unknown;
  private final Overseer overseer;
  private final DeadSessionNotices dead = new DeadSessionNotices();
  private final LiveSessionNotices live = new LiveSessionNotices();

  /** What is not known any more is not over. Guarded by the lock. */
  private boolean isClosed;

  /** A store of no session. */
  public FdStore() {
    this(new ProcDescriptorHolders(), System::nanoTime);
  }

  /**
   * The same.
   *
   * @param holders who keeps a session alive that nobody has handed back
   * @param nanos the time, as System.nanoTime()
   */
  public FdStore(DescriptorHolders holders, LongSupplier nanos) {
    this(holders, nanos, new KernelStandIns());
  }

  /** The same, with others who stand in. */
  FdStore(DescriptorHolders holders, LongSupplier nanos, StandInOffice standIns) {
    this(holders, nanos, standIns, InstantSource.system());
  }

  /** The same, which says by this clock since when sessions are over. */
  FdStore(
      DescriptorHolders holders, LongSupplier nanos, StandInOffice standIns, InstantSource clock) {
    this.standIns = standIns;
    placement = new Placement(sessions, pods, standIns, nanos, clock);
    unknown = new UnknownSessions(sessions, placement);
    overseer = new Overseer(sessions, pods, placement, holders, nanos);
  }

  /** Takes a new session, and has it served if a cache pod is there. Owns the descriptors. */
  public Session add(SessionInfo info, String device, Descriptors descriptors) {
    return sessions.locked(() -> {
      var session = sessions.put(info, device, new Unserved(), descriptors);
      placement.become(session, new Unserved());
      placement.findServer(session);
      return session;
    });
  }

  /** Takes a session that the mount table shows and whose descriptors a cache pod holds. */
  public Session adopt(SessionInfo info, String device) {
    return adopt(info, device, Optional.empty());
  }

  /**
   * The same.
   *
   * @param aborted when an earlier plugin gave it up: if it is found dead, it is so since then
   */
  public Session adopt(SessionInfo info, String device, Optional<Instant> aborted) {
    return sessions.locked(() -> {
      var session = placement.adopt(info, device);
      session.aborted = aborted;
      return session;
    });
  }

  /**
   * Leaves a session that the mount table shows to the process that serves it, and does not ask it
   * to forget it: it is not known any more what the session is for. When that process hands it back
   * and says it, the session is taken as with {@link #adopt}; until then no other one can have it.
   */
  public void leaveAlone(UnknownSession session) {
    unknown.add(session);
  }

  /**
   * The sessions with this key: one that lives, and others that are still mounted and dead, or
   * {@linkplain #isClaimOverdue count as such}.
   */
  public List<Session> withKey(SessionKey key) {
    return sessions.findAll(session -> session.info().key().equals(key));
  }

  /** The sessions that are over and have not been removed. */
  public List<Session> over() {
    return sessions.findAll(session -> session.state instanceof Over);
  }

  /** Whether it has not been removed. */
  public boolean isKnown(Session session) {
    return sessions.find(session::equals).isPresent();
  }

  /** Whether a cache pod of the OssMount is connected. */
  public boolean hasPod(String ossMountUid) {
    return sessions.locked(() -> pods.hasAnyOf(ossMountUid));
  }

  /** The process that would be asked to serve a session of the OssMount now. */
  public Optional<ServerProcess> newestServer(String ossMountUid) {
    return sessions.locked(() -> pods.newest(ossMountUid).map(PodLink::process));
  }

  /**
   * Whether every cache pod has had the time to hand the session back, and none has, though one is
   * connected. It is dead, most likely, but where the kernel does not say whose a descriptor is
   * that may never be known.
   */
  public boolean isClaimOverdue(Session session) {
    return sessions.locked(() -> overseer.isClaimOverdue(session));
  }

  /**
   * The session with this device in the mount table. One that is not known is left alone for good,
   * whatever its cache pod says later: the caller replaces its mount, and containers may go on with
   * it all the same.
   */
  public Optional<Session> findOrLeaveAlone(String device) {
    return sessions.locked(() -> {
      unknown.giveUp(device);
      return sessions.find(session -> session.device().equals(device));
    });
  }

  /** All sessions of a volume. */
  public List<Session> ofVolume(VolumeId volume) {
    return sessions.findAll(session -> session.info().key().volume().equals(volume));
  }

  /** Whether a session or a cache pod of the OssMount is known. */
  public boolean isInUse(String ossMountUid) {
    return sessions.locked(() ->
        pods.hasAnyOf(ossMountUid)
            || sessions.all().stream().anyMatch(session -> session.isOf(ossMountUid)));
  }

  /** What is the case now. */
  public SessionState state(Session session) {
    return sessions.locked(() -> session.state);
  }

  /** Waits until the session is served or over; returns what is the case then, or in the end. */
  public SessionState awaitServed(Session session, Deadline deadline) throws InterruptedException {
    return sessions.await(session, deadline, true);
  }

  /**
   * Tells the cache pod that the session is not wanted any more, and waits until it says that it
   * holds nothing of it, or the deadline has passed.
   */
  public void forget(Session session, Deadline deadline) throws InterruptedException {
    sessions.run(() -> {
      session.unwanted = true;
      session
          .state
          .pod()
          .ifPresent(pod -> pod.send(Frames.forget(session.info().name()), List.of()));
    });
    sessions
        .await(session, deadline, false)
        .pod()
        .ifPresent(
            pod -> LOG.warn("{} did not let go of session {} in time", pod.label(), session));
  }

  /** Gives up the session and closes its descriptors. */
  public void remove(Session session) {
    sessions.run(() -> {
      sessions.remove(session);
      if (!(session.state instanceof Over)) {
        placement.end(session, Over.Cause.UNMOUNTED);
      }
      if (session.descriptors != null) {
        session.descriptors.close();
      }
    });
  }

  /** The sessions whose users wait for a server. */
  public List<Outage> outages() {
    return sessions.locked(() ->
        sessions.all().stream()
            .filter(session -> session.isOut() && !session.unwanted)
            .map(session -> new Outage(session, placement.waited(session)))
            .toList());
  }

  /**
   * Gives up a session that nobody serves: it is over, and its descriptors are closed. It stays
   * known, with its device number. Whoever else has a descriptor keeps the connection alive.
   *
   * @return false when it is served again, or over
   */
  public boolean abort(Session session) {
    return sessions.locked(() -> placement.abort(session));
  }

  /**
   * Waits until no session that is in use would end with this process, or the deadline has passed:
   * the mount of one whose server is dead, or lets go of it, lives by the descriptor here alone.
   * Everything goes on meanwhile, and so the next server is given it.
   */
  public void awaitOtherHolders(Deadline deadline) throws InterruptedException {
    var alone = heldHereAlone();
    if (alone.isEmpty()) {
      return;
    }
    LOG.info(
        "sessions {} have no server, and would end with this process: it waits for their next one,"
            + " for {} s at most",
        alone,
        deadline.remaining().toSeconds());
    while (!alone.isEmpty() && !deadline.hasPassed()) {
      Thread.sleep(LOOK_FOR_HOLDERS);
      alone = heldHereAlone();
    }
    if (!alone.isEmpty()) {
      LOG.error("sessions {} have had no other server in time: their mounts end", alone);
    }
  }

  /** Sessions that are in use, and whose mounts would end with this process. */
  List<Session> heldHereAlone() {
    return sessions.findAll(Session::isHeldHereAlone);
  }

  /**
   * Lets go of all descriptors and cache pods, as the end of the process would. The mounts stay:
   * the pods go on serving them, and hand the descriptors back to the next plugin. One that no pod
   * has ends: {@link #awaitOtherHolders} comes before.
   */
  @Override
  public void close() {
    sessions.run(() -> {
      isClosed = true;
      for (var session : sessions.all()) {
        // Not over: the pods go on with the backing ids.
        session.backing = null;
        remove(session);
      }
      pods.all().forEach(PodLink::close);
    });
    standIns.close();
  }

  /**
   * A cache pod is there.
   *
   * @param held the sessions that it has been serving, with their descriptors, which this owns from
   *     now on
   */
  void connected(PodLink pod, Map<String, Held> held) {
    unknown.recall(pod, held);
    sessions.run(() -> {
      LOG.info("{} is connected and serves {} sessions", Placement.inWords(pod), held.size());
      pods.add(pod);
      held.forEach((name, handed) -> placement.reclaim(pod, name, handed));
      sessions.all().stream()
          .filter(session -> session.isOf(pod.ossMountUid()))
          .forEach(placement::tryToFindServer);
    });
    overseer.judgeUnclaimed();
    tellPods();
  }

  /** The pod's connection has ended: its sessions wait for its return, or its end. */
  void disconnected(PodLink pod) {
    sessions.run(() -> {
      LOG.info("{} is gone", Placement.inWords(pod));
      pods.remove(pod);
      for (var session : sessions.all()) {
        if (session.isWith(pod)) {
          placement.become(session, new Unserved());
          placement.tryToFindServer(session);
        }
      }
    });
  }

  /**
   * What the kernel is told of for a session that the pod serves.
   *
   * @throws IOException it does not serve such a session
   */
  BackingLedger backing(PodLink pod, String name) throws IOException {
    var found =
        find(pod, name)
            .orElseThrow(() -> new IOException("the pod does not serve session " + name));
    var ledger = sessions.locked(() -> Optional.ofNullable(found.backing));
    return ledger.orElseThrow(() -> new IOException("session " + name + " has no descriptors"));
  }

  /** Whether the pod has a session of this name. */
  boolean isServedBy(PodLink pod, String name) {
    return find(pod, name).isPresent();
  }

  private Optional<Session> find(PodLink pod, String name) {
    return sessions.find(session -> session.info().name().equals(name) && session.isWith(pod));
  }

  /** The pod answers requests of the session. */
  void serving(PodLink pod, String name) {
    changeOfHolder(pod, name, new Serving(pod));
  }

  /** The pod cannot serve the session for now. */
  void notServing(PodLink pod, String name, String reason, String message) {
    changeOfHolder(pod, name, new NotServing(pod, reason, message));
  }

  /** Who answers Serve has the descriptors, and keeps them as long as it does not leave. */
  private void changeOfHolder(PodLink pod, String name, SessionState next) {
    change(
        pod,
        name,
        session -> {
          session.holderKeepsIt = !pods.isLeaving(pod);
          placement.become(session, next);
        });
  }

  /** The pod holds nothing of the session any more: it is over. */
  void ended(PodLink pod, String name) {
    change(pod, name, placement::hasEnded);
  }

  /** The pod's process reads nothing of the session any more; the next one goes on with it. */
  void handedOver(PodLink pod, String name) {
    change(
        pod,
        name,
        session -> {
          session.holderKeepsIt = false;
          placement.become(session, new Unserved());
        });
  }

  /**
   * The pod's process is going to end: it gets no sessions any more, and may let go of those that
   * it has. It has to be dead before they go to the next one.
   */
  void leaving(PodLink pod) {
    sessions.run(() -> {
      LOG.info("{} is going to end", Placement.inWords(pod));
      pods.leaves(pod);
      for (var session : sessions.all()) {
        if (session.isWith(pod)) {
          session.holderHasToAnswer = false;
          session.holderKeepsIt = false;
          pod.send(Frames.release(session.info().name()), List.of());
        }
      }
    });
  }

  /** Looks after everyone who does not do what he should; to be called every second or so. */
  void tick() {
    overseer.tick();
    tellPods();
  }

  private void tellPods() {
    sessions.run(() -> {
      if (!isClosed) {
        dead.tell(pods.all(), sessions.all());
        live.tell(pods.all(), sessions.all(), unknown.isEmpty());
      }
    });
  }

  /** What there is and what happened, since the store was made. */
  public Counts counts() {
    return sessions.locked(() ->
        new Counts(
            sessions.all().size(),
            sessions.all().stream().filter(s -> s.state instanceof Serving).count(),
            sessions.all().stream().mapToLong(Session::backingIds).sum(),
            placement.takeovers(),
            overseer.killed(),
            placement.aborted(),
            standIns.counts()));
  }

  /**
   * What there is and what happened.
   *
   * @param sessions of the node
   * @param served those of them that a cache pod serves
   * @param backingIds files that their kernels were told of
   * @param takeovers how often a session went to another process than the one before
   * @param killed processes that hung and were ended
   * @param aborted sessions that were given up, as nobody served them
   * @param standIn what was done for sessions that had no server
   */
  public record Counts(
      long sessions,
      long served,
      long backingIds,
      long takeovers,
      long killed,
      long aborted,
      StandIns.Counts standIn) {}

  private void change(PodLink pod, String name, Consumer<Session> how) {
    sessions.run(() -> {
      var session = sessions.get(name);
      if (session != null && session.isWith(pod)) {
        how.accept(session);
        LOG.info("session {}: {}", session, session.state.inWords());
        placement.findServer(session);
      }
    });
  }
}
