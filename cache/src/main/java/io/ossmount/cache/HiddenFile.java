package io.ossmount.cache;

import io.ossmount.cache.store.StoreException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Whether a nested mount hides a file of the bucket around it: most likely its path is not what was
 * meant. Thread-safe; never waits.
 */
final class HiddenFile {
  private final BooleanSupplier ask;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile boolean found;

  /**
   * Has not looked yet.
   *
   * @param ask asks the bucket, with a deadline; throws {@link StoreException}
   */
  HiddenFile(BooleanSupplier ask) {
    this.ask = ask;
  }

  /** Looks, unless it does already. */
  void look() {
    if (asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("hidden-file").start(this::lookNow);
    }
  }

  private void lookNow() {
    try {
      found = ask.getAsBoolean();
    } catch (StoreException e) {
      // It is told of as the state of the bucket around; this stays as it was.
    } finally {
      asking.set(false);
    }
  }

  /** What was found last. */
  boolean isFound() {
    return found;
  }
}
