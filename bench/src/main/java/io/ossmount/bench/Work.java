package io.ossmount.bench;

import java.io.IOException;

/** A piece of work that is timed from outside; it answers how many units it did. */
@FunctionalInterface
interface Work {
  double run() throws IOException, InterruptedException;

  /** Units per second of one run. */
  static double rate(Work work) throws IOException, InterruptedException {
    long started = System.nanoTime();
    double units = work.run();
    return units / ((System.nanoTime() - started) / 1e9);
  }
}
