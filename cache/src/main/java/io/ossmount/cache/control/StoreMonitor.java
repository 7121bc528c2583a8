package io.ossmount.cache.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the store can be used: at start, every 60 s while it can, every 10 s while it
 * cannot (less up to a fifth, so that pods do not ask together), and at once when somebody has
 * reason to think that it changed, but not more often than every second. Thread-safe.
 */
public final class StoreMonitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreMonitor.class);

  private final BooleanSupplier check;
  private final Intervals intervals;
  private final Clock clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private final Thread thread;
  private volatile StoreHealth health = StoreHealth.CHECKING;

  @GuardedBy("lock")
  private boolean isAsked;

  /** How long to wait between two looks. */
  public record Intervals(Duration good, Duration bad, Duration least) {
    /** As documented. */
    public static final Intervals USUAL =
        new Intervals(Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(1));
  }

  /**
   * Makes one.
   *
   * @param check looks: whether there is any object; throws {@link StoreException}
   */
  public StoreMonitor(BooleanSupplier check, Intervals intervals, Clock clock) {
    this.check = check;
    this.intervals = intervals;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("store-monitor").unstarted(this::run);
  }

  /** Begins to look. */
  public void start() {
    thread.start();
  }

  /** What was found last. */
  public StoreHealth health() {
    return health;
  }

  /** Calls {@code listener}, which must not wait, when something else was found. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Asks to look at once. */
  public void checkSoon() {
    lock.lock();
    try {
      isAsked = true;
      asked.signal();
    } finally {
      lock.unlock();
    }
  }

  /** A call of somebody else failed: looks, if that says something of the store as a whole. */
  public void failed(StoreException failure) {
    switch (failure) {
      case StoreException.Denied _,
          StoreException.BucketNotFound _,
          StoreException.Unreachable _ -> {
        if (health.isGood()) {
          checkSoon();
        }
      }
      default -> {
        // Says something of one object or of one moment.
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        look();
        pause();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    StoreHealth found;
    try {
      found = StoreHealth.good(clock.instant(), !check.getAsBoolean());
    } catch (StoreException.Interrupted e) {
      throw new InterruptedException();
    } catch (StoreException e) {
      found = StoreHealth.bad(clock.instant(), e);
    }
    boolean isNews = !found.saysWhat(health);
    health = found;
    if (isNews) {
      log.info("the store: {} {}", found.reason(), found.message());
      listeners.forEach(Runnable::run);
    }
  }

  private void pause() throws InterruptedException {
    Thread.sleep(intervals.least());
    Duration interval = health.isGood() ? intervals.good() : intervals.bad();
    long left = interval.toNanos() - intervals.least().toNanos();
    left -= ThreadLocalRandom.current().nextLong(interval.toNanos() / 5 + 1);
    lock.lock();
    try {
      while (!isAsked && left > 0) {
        left = asked.awaitNanos(left);
      }
      isAsked = false;
    } finally {
      lock.unlock();
    }
  }
}
