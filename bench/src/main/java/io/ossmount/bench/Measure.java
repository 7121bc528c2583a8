package io.ossmount.bench;

import java.io.IOException;

/** What is read off a run, and which way is better. */
enum Measure {
  /** Units of work in each second. */
  RATE,
  /** What the work itself answers, such as seconds or MiB: less is better. */
  AMOUNT;

  double of(Work work) throws IOException, InterruptedException {
    long started = System.nanoTime();
    double answer = work.run();
    return this == RATE ? answer / ((System.nanoTime() - started) / 1e9) : answer;
  }

  /** How many times as good {@code value} is as {@code other}. */
  double ratio(double value, double other) {
    return this == RATE ? value / other : other / value;
  }

  /** The better one of two. */
  double better(double one, double other) {
    return this == RATE ? Math.max(one, other) : Math.min(one, other);
  }
}
