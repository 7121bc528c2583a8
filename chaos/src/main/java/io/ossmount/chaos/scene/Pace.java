package io.ossmount.chaos.scene;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Lets something happen so often within a time, and no more often. Not thread-safe. */
public final class Pace {
  private final int most;
  private final long withinNanos;
  private final LongSupplier nanos;
  private final Deque<Long> times = new ArrayDeque<>();

  /**
   * Nothing has happened yet.
   *
   * @param most at least 1
   * @param nanos such as {@link System#nanoTime}
   */
  Pace(int most, Duration within, LongSupplier nanos) {
    this.most = most;
    this.withinNanos = within.toNanos();
    this.nanos = nanos;
  }

  /**
   * That of ends of a server, after which the same supervisor starts it again: at the fifth within
   * a minute it leaves that to kubelet, which takes longer each time.
   */
  public static Pace ofRestarts() {
    return new Pace(4, Duration.ofSeconds(65), System::nanoTime);
  }

  /** So long it has to be waited now; zero: it may happen, and counts. */
  Duration take() {
    var now = nanos.getAsLong();
    if (times.size() == most) {
      var left = times.getFirst() + withinNanos - now;
      if (left > 0) {
        return Duration.ofNanos(left);
      }
      times.removeFirst();
    }
    times.add(now);
    return Duration.ZERO;
  }

  /** Waits until it may happen. */
  public void await() throws InterruptedException {
    for (var left = take(); !left.isZero(); left = take()) {
      TimeUnit.NANOSECONDS.sleep(left.toNanos());
    }
  }
}
