package io.ossmount.fuse.server;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses something, so that it is freed after the last use and not before. Thread-safe.
 */
final class Lifetime {
  private static final int ENDED = 1 << 31;

  private final AtomicInteger uses = new AtomicInteger();
  private final Runnable free;

  /**
   * A lifetime that has not ended.
   *
   * @param free runs once, on the thread that ends the last use
   */
  Lifetime(Runnable free) {
    this.free = free;
  }

  /** Begins a use; false when the lifetime has ended. */
  boolean tryUse() {
    int before;
    do {
      before = uses.get();
      if (before < 0) {
        return false;
      }
    } while (!uses.compareAndSet(before, before + 1));
    return true;
  }

  /** One more use, by who has one. */
  void useAgain() {
    uses.incrementAndGet();
  }

  void endUse() {
    if (uses.decrementAndGet() == ENDED) {
      free.run();
    }
  }

  /** Allows no more uses; false when it was so already. */
  boolean end() {
    int before;
    do {
      before = uses.get();
      if (before < 0) {
        return false;
      }
    } while (!uses.compareAndSet(before, before | ENDED));
    if (before == 0) {
      free.run();
    }
    return true;
  }
}
