package io.ossmount.csi.node;

import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.VolumeException.Busy;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock for each target and one for each session that someone works on. Thread-safe. Who holds a
 * target may take a session, not the other way round.
 */
final class KeyedLocks {
  private final ConcurrentHashMap<String, Counted> locks = new ConcurrentHashMap<>();

  /** A lock that is held until it is closed, by the thread that took it. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private static final class Counted {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
  }

  /**
   * Waits for the lock.
   *
   * @throws Busy when the deadline has passed
   */
  Held lock(String key, Deadline deadline) throws InterruptedException {
    var counted =
        locks.compute(
            key,
            (_, existing) -> {
              var entry = existing == null ? new Counted() : existing;
              entry.users++;
              return entry;
            });
    var locked = false;
    try {
      locked = counted.lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (!locked) {
        leave(key);
      }
    }
    if (!locked) {
      throw new Busy("another call for " + key + " is going on");
    }
    return () -> {
      counted.lock.unlock();
      leave(key);
    };
  }

  private void leave(String key) {
    locks.computeIfPresent(key, (_, entry) -> --entry.users == 0 ? null : entry);
  }

  /** How many locks are held or waited for. */
  int size() {
    return locks.size();
  }
}
