package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.RoomTail;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The requests that a virtual thread works on, and FUSE_INTERRUPT for them. Thread-safe.
 *
 * <p>The INTERRUPT of a request can be read by one reader while another one is still handing that
 * request to its thread. So an interrupt leaves its request's number in a ring before it looks for
 * the thread, and a thread looks into the ring after it can be found: one of both sees the other.
 */
final class InFlight {
  private static final int RING = 16;

  private final ConcurrentMap<Long, Work> works = new ConcurrentHashMap<>();
  private final AtomicLongArray ring = new AtomicLongArray(RING);
  private final AtomicInteger interrupts = new AtomicInteger();

  private record Work(Thread thread, boolean isInterruptible) {}

  /** Starts the thread that works on the request. */
  void start(long unique, Thread thread, boolean isInterruptible) {
    works.put(key(unique), new Work(thread, isInterruptible));
    thread.start();
    if (isInterruptible && wasInterrupted(key(unique))) {
      thread.interrupt();
    }
  }

  /** The request's work is over. */
  void end(long unique) {
    works.remove(key(unique));
  }

  /** The caller of the request no longer waits. */
  void interrupt(long unique) {
    ring.set(Math.floorMod(interrupts.getAndIncrement(), RING), key(unique));
    Work work = works.get(key(unique));
    if (work != null && work.isInterruptible()) {
      work.thread().interrupt();
    }
  }

  /** No caller waits for anything any more. */
  void interruptAll() {
    works.values().stream()
        .filter(Work::isInterruptible)
        .forEach(work -> work.thread().interrupt());
  }

  private boolean wasInterrupted(long key) {
    if (interrupts.get() == 0) {
      return false;
    }
    for (int i = 0; i < RING; i++) {
      if (ring.get(i) == key) {
        return true;
      }
    }
    return false;
  }

  private static long key(long unique) {
    return RoomTail.firstUnique(unique);
  }
}
