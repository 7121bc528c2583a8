package io.ossmount.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.store.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Bounds the blocks that are in memory because they could not go to the disk. One that has arrived
 * stays until another needs its place, so that the small reads of one reader cost one GET.
 * Thread-safe.
 */
final class MemoryBlocks {
  private final int most;
  private final Semaphore places;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Deque<Arrived> arrived = new ArrayDeque<>();

  /**
   * A block that nobody fetches any more.
   *
   * @param forget makes its version forget it
   */
  record Arrived(OpenVersion owner, Fetch fetch, Runnable forget) {}

  /** Has room for {@code most} blocks. */
  MemoryBlocks(int most) {
    this(most, new Semaphore(most));
  }

  /** The same, with a semaphore that has as many permits. */
  MemoryBlocks(int most, Semaphore places) {
    this.most = most;
    this.places = places;
  }

  /** Takes a place for a block that nobody waits for, if that costs nobody a block. */
  boolean tryAcquire() {
    return places.tryAcquire()
        || (drop(block -> block.fetch().isConsumed()) && places.tryAcquire());
  }

  /** Takes a place; waits while all of them are being fetched, which ends. */
  void acquire() {
    if (tryAcquire()) {
      return;
    }
    // First: what arrives after the look at those that are there finds that somebody waits.
    waiting.incrementAndGet();
    try {
      while (drop(any -> true)) {
        if (places.tryAcquire()) {
          return;
        }
      }
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Interrupted("waiting for memory");
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** How many there are, or are being fetched. */
  int count() {
    return most - places.availablePermits();
  }

  /** Gives the place of a block back that did not arrive. */
  void release() {
    places.release();
  }

  /** A block has arrived: its place can be taken from now on. */
  void arrived(Arrived block) {
    lock.lock();
    try {
      arrived.addLast(block);
    } finally {
      lock.unlock();
    }
    if (waiting.get() > 0) {
      drop(any -> true);
    }
  }

  /** Forgets all blocks of a version. */
  void dropAll(OpenVersion owner) {
    while (drop(block -> block.owner() == owner)) {
      // One more was there.
    }
  }

  /** Forgets the oldest such block, if there is one. */
  private boolean drop(Predicate<Arrived> which) {
    Arrived oldest = null;
    lock.lock();
    try {
      for (Iterator<Arrived> all = arrived.iterator(); oldest == null && all.hasNext(); ) {
        Arrived block = all.next();
        if (which.test(block)) {
          oldest = block;
          all.remove();
        }
      }
    } finally {
      lock.unlock();
    }
    if (oldest == null) {
      return false;
    }
    oldest.forget().run();
    places.release();
    return true;
  }
}
