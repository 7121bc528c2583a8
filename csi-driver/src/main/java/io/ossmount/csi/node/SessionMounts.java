package io.ossmount.csi.node;

import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.fdstore.Session;
import io.ossmount.csi.fdstore.SessionInfo;
import io.ossmount.csi.fdstore.SessionState;
import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.csi.fdstore.SessionState.Unclaimed;
import io.ossmount.csi.heal.DeadSession;
import io.ossmount.csi.heal.MountNamespaces;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.SessionKey;
import io.ossmount.csi.volume.VolumeException.Busy;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.csi.volume.VolumeId;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sessions for those who need them and ends those that no one needs: a session stays while
 * the mount table shows a bind of it, or someone waits for it. A dead one also stays while a
 * container alone shows it: it is healed there, and keeps its device number until then.
 * Thread-safe.
 */
final class SessionMounts {
  private static final Logger LOG = LoggerFactory.getLogger(SessionMounts.class);
  private static final Duration LET_GO = Duration.ofSeconds(5);
  private static final Duration UNMOUNT = Duration.ofSeconds(10);

  /** Names of objects can be longer than what mount(2) shows. */
  private static final int LONGEST_SOURCE = 255;

  private final Mounter mounter;
  private final SessionFiles files;
  private final FdStore store;
  private final KeyedLocks locks;
  private final MountNamespaces namespaces;

  /** By digest of the key: how many publications wait for the session or are binding it. */
  private final Map<String, Integer> users = new ConcurrentHashMap<>();

  SessionMounts(
      Mounter mounter,
      SessionFiles files,
      FdStore store,
      KeyedLocks locks,
      MountNamespaces namespaces) {
    this.mounter = mounter;
    this.files = files;
    this.store = store;
    this.locks = locks;
    this.namespaces = namespaces;
  }

  /** Where the session is mounted. */
  Path directory(Session session) {
    return files.directory(session.info().name());
  }

  /**
   * The session with this key, made if there is none that lives: one that no cache pod has handed
   * back in time after a restart of the plugin is not waited for. It stays until {@link #release}
   * or {@link #giveUp}.
   *
   * @param ossMount namespace/name, for people
   */
  Session acquire(SessionKey key, String ossMount, Deadline deadline) throws InterruptedException {
    try (var _ = locks.lock(lockOf(key), deadline)) {
      var known = store.withKey(key);
      var living = known.stream().filter(this::isAlive).findFirst();
      var session = living.isPresent() ? living.get() : makeAnew(known, key, ossMount);
      users.merge(key.digest(), 1, Integer::sum);
      return session;
    }
  }

  private Session makeAnew(List<Session> gone, SessionKey key, String ossMount)
      throws InterruptedException {
    for (var session : gone) {
      LOG.info("session {}: {}; it is made anew", session, store.state(session).inWords());
      if (!mayComeBack(session) && !isShown(session)) {
        end(session);
      }
    }
    return make(SessionInfo.create(key, ossMount));
  }

  /** The caller has bound the session: the mount table says from now on that it is needed. */
  void release(Session session) {
    users.computeIfPresent(
        session.info().key().digest(), (_, count) -> count == 1 ? null : count - 1);
  }

  /** The caller does not bind the session; it ends when no one else needs it. */
  void giveUp(Session session) throws InterruptedException {
    release(session);
    try {
      endIfUnused(session, Deadline.after(LET_GO));
    } catch (Busy e) {
      // Who holds it looks for unused sessions too, or kubelet's NodeUnpublishVolume does.
      LOG.info("session {} is left as it is: {}", session, e.getMessage());
    }
  }

  /** Waits until the session is served; see {@link FdStore#awaitServed}. */
  SessionState awaitServed(Session session, Deadline deadline) throws InterruptedException {
    var state = store.awaitServed(session, deadline);
    if (state instanceof SessionState.Serving) {
      // Only now: the kernel lowers it again to what the answer to INIT says.
      mounter.raiseReadAhead(directory(session));
    }
    return state;
  }

  /** Ends the sessions of a volume that no one needs any more. */
  void endUnused(VolumeId volume, Deadline deadline) throws InterruptedException {
    for (var session : store.ofVolume(volume)) {
      endIfUnused(session, deadline);
    }
  }

  /**
   * Ends a dead session whose place another one has taken.
   *
   * @param isUsed whether anybody shows it after all
   * @return false when somebody does
   */
  boolean endDead(Session session, BooleanSupplier isUsed) throws InterruptedException {
    try (var _ = locks.lock(lockOf(session.info().key()), Deadline.after(UNMOUNT))) {
      if (!store.isKnown(session)) {
        return true;
      }
      if (isUsed.getAsBoolean()) {
        return false;
      }
      end(session);
      return true;
    }
  }

  /** Notes that a session was given up: the next plugin finds it dead, and cannot tell why. */
  void noteAborted(Session session) throws InterruptedException {
    try (var _ = locks.lock(lockOf(session.info().key()), Deadline.after(LET_GO))) {
      if (store.isKnown(session) && store.state(session) instanceof Over(var _, var since)) {
        files.aborted(session.info(), since);
      }
    }
  }

  /** The mounts of a session besides its own: those that pods use. */
  static List<MountEntry> binds(MountTable mounts, String name, String device) {
    return mounts.ofDevice(device).stream()
        .filter(mount -> !mount.target().endsWith("/sessions/" + name))
        .toList();
  }

  private void endIfUnused(Session session, Deadline deadline) throws InterruptedException {
    try (var _ = locks.lock(lockOf(session.info().key()), deadline)) {
      var needed = users.containsKey(session.info().key().digest());
      if (!needed && store.isKnown(session) && !isShown(session)) {
        end(session);
      }
    }
  }

  /** Whether a pod has it mounted. A dead one that is shown stays, to be healed. */
  private boolean isShown(Session session) {
    return !binds(mounter.mounts(), session.info().name(), session.device()).isEmpty()
        || isShownElsewhere(session);
  }

  /**
   * Whether a container shows a dead session, or one that may be. Who looks at all processes of the
   * node takes a while, and a living session ends with its last bind.
   */
  private boolean isShownElsewhere(Session session) {
    var state = store.state(session);
    return (state instanceof Over || state instanceof Unclaimed)
        && isMounted(session)
        && namespaces.anyUses(new DeadSession(session.info().name(), session.device()));
  }

  /**
   * Whether it can be bound: not over, nobody unmounted it behind the plugin's back, and if its
   * server has to hand it back, that may come still.
   */
  private boolean isAlive(Session session) {
    return !(store.state(session) instanceof Over)
        && !store.isClaimOverdue(session)
        && isMounted(session);
  }

  /** Nobody waits for it any more, but who has it mounted may be served all the while. */
  private boolean mayComeBack(Session session) {
    return store.isClaimOverdue(session) && isMounted(session);
  }

  /** Whether its own mount is there. While it is, its device number is no other file system's. */
  boolean isMounted(Session session) {
    return mounter
        .mounts()
        .at(directory(session))
        .filter(mount -> mount.device().equals(session.device()))
        .isPresent();
  }

  private Session make(SessionInfo info) throws InterruptedException {
    files.create(info);
    var directory = files.directory(info.name());
    var done = false;
    try {
      var options = FuseMount.Options.of(source(info)).withReadOnly(info.key().readOnly());
      var descriptors = mounter.mountFuse(directory, options);
      var mounted = mounter.mounts().at(directory);
      if (mounted.isEmpty()) {
        descriptors.close();
        throw new NodeFault("the mount at " + directory + " is not in the mount table");
      }
      LOG.info("session {} for volume {} is mounted", info.name(), info.key().volume());
      var session = store.add(info, mounted.get().device(), descriptors);
      done = true;
      return session;
    } finally {
      if (!done) {
        mounter.unmount(directory, Deadline.after(UNMOUNT));
        files.delete(info.name());
      }
    }
  }

  /** What df(1) shows. */
  private static String source(SessionInfo info) {
    var label = info.ossMount();
    return label.length() > LONGEST_SOURCE ? label.substring(0, LONGEST_SOURCE) : label;
  }

  /**
   * Unmounts and forgets. The descriptors close last, but when the kernel waits for somebody to
   * take pages: their end aborts the connection, and with it the waiting.
   */
  private void end(Session session) throws InterruptedException {
    store.forget(session, Deadline.after(LET_GO));
    var directory = directory(session);
    var unmounted = mounter.unmount(directory, Deadline.after(UNMOUNT));
    store.remove(session);
    if (!unmounted && !mounter.unmount(directory, Deadline.after(UNMOUNT))) {
      throw new NodeFault("session " + session + " cannot be unmounted");
    }
    files.delete(session.info().name());
    LOG.info("session {} is unmounted", session);
  }

  private static String lockOf(SessionKey key) {
    return "session " + key.digest();
  }
}
