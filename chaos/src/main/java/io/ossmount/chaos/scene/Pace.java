package io.ossmount.chaos.scene;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Lets something happen again when some time has gone by. Not thread-safe. */
public final class Pace {
  private final long leastNanos;
  private final LongSupplier nanos;
  private long next;

  /**
   * The first time may be now.
   *
   * @param least time from one to the next
   * @param nanos such as {@link System#nanoTime}
   */
  Pace(Duration least, LongSupplier nanos) {
    this.leastNanos = least.toNanos();
    this.nanos = nanos;
    this.next = nanos.getAsLong();
  }

  /**
   * That of ends of a server, after which the same supervisor starts it again: at the fifth within
   * a minute it leaves that to kubelet, which takes longer each time.
   */
  public static Pace ofRestarts() {
    return new Pace(Duration.ofSeconds(16), System::nanoTime);
  }

  /** So long it has to be waited now; zero: it may happen, and counts. */
  Duration take() {
    var now = nanos.getAsLong();
    if (next - now > 0) {
      return Duration.ofNanos(next - now);
    }
    next = now + leastNanos;
    return Duration.ZERO;
  }

  /** Waits until it may happen. */
  public void await() throws InterruptedException {
    for (var left = take(); !left.isZero(); left = take()) {
      TimeUnit.NANOSECONDS.sleep(left.toNanos());
    }
  }
}
