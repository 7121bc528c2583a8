package io.ossmount.chaos.scene;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting for what comes soon, within a deadline. */
public final class Await {
  private static final int POLL_MILLIS = 5;

  private Await() {}

  /** Something that can be looked at again and again. */
  public interface Condition {
    /** Whether it holds now. */
    boolean holds() throws IOException, InterruptedException;
  }

  /** Whether the condition held before the time was over. */
  public static boolean until(Duration within, Condition condition)
      throws IOException, InterruptedException {
    return until(within, Duration.ofMillis(POLL_MILLIS), condition);
  }

  /**
   * The same.
   *
   * @param poll time between two looks
   */
  public static boolean until(Duration within, Duration poll, Condition condition)
      throws IOException, InterruptedException {
    var deadline = System.nanoTime() + within.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(poll.toNanos());
    }
    return true;
  }

  /**
   * Waits for what has to come.
   *
   * @throws IOException it did not come
   */
  public static void must(String what, Duration within, Condition condition)
      throws IOException, InterruptedException {
    if (!until(within, condition)) {
      throw new IOException("not within " + within.toSeconds() + " s: " + what);
    }
  }
}
