package io.ossmount.cache.block;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes that are under way before anybody waits for them. Thread-safe. */
public final class AheadBudget {
  private final AtomicLong taken = new AtomicLong();
  private volatile long mostBytes;

  /** A budget of {@code mostBytes}, 0 or more. */
  public AheadBudget(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Another size from now on. */
  void limit(long replacementBytes) {
    mostBytes = replacementBytes;
  }

  /** How much may be under way at a time. */
  public long mostBytes() {
    return mostBytes;
  }

  /** How much is under way. */
  public long takenBytes() {
    return taken.get();
  }

  /** Takes a part; false: there is not so much left. */
  public boolean tryTake(long bytes) {
    if (taken.addAndGet(bytes) <= mostBytes) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** Gives a part back: it has arrived, or is not wanted any more. */
  public void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
