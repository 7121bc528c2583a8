package io.ossmount.chaos.work;

import io.ossmount.chaos.work.Workload.Stopped;
import java.util.concurrent.TimeUnit;

/** Short rests, so that workloads that cost no request leave the processors to the others. */
final class Pacing {
  private static final int MILLIS = 5;

  private Pacing() {}

  static void afterReads() throws Stopped {
    try {
      TimeUnit.MILLISECONDS.sleep(MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Stopped("interrupted");
    }
  }
}
