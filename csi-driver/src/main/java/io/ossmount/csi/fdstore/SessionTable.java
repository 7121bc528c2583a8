package io.ossmount.csi.fdstore;

import io.ossmount.csi.fdstore.SessionState.Asked;
import io.ossmount.csi.fdstore.SessionState.NotServing;
import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.csi.fdstore.SessionState.Unclaimed;
import io.ossmount.csi.fdstore.SessionState.Unserved;
import io.ossmount.csi.volume.Deadline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sessions of the node by name, and the lock that guards them and all that is about them. */
final class SessionTable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  /** Does this with the lock; nothing in it waits. */
  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Does this with the lock; nothing in it waits. */
  void run(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /** Puts a new session in. With the lock. */
  Session put(
      SessionInfo info, String device, SessionState state, @Nullable Descriptors descriptors) {
    var session = new Session(info, device, lock.newCondition(), state, descriptors);
    sessions.put(info.name(), session);
    return session;
  }

  void remove(Session session) {
    sessions.remove(session.info().name(), session);
  }

  /** With the lock. */
  @Nullable Session get(String name) {
    return sessions.get(name);
  }

  /** With the lock. */
  List<Session> all() {
    return List.copyOf(sessions.values());
  }

  Optional<Session> find(Predicate<Session> which) {
    return locked(() -> sessions.values().stream().filter(which).findFirst());
  }

  List<Session> findAll(Predicate<Session> which) {
    return locked(() -> sessions.values().stream().filter(which).toList());
  }

  /** Waits until the session is over, served (when that counts), or has nobody to wait for. */
  SessionState await(Session session, Deadline deadline, boolean alsoServing)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!isSettled(session.state, alsoServing) && !deadline.hasPassed()) {
        var _ = session.changed().await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
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
}
