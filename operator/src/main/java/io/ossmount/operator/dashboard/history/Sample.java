package io.ossmount.operator.dashboard.history;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What went through a mount in some time; rates are per second, byte rates of all nodes together.
 *
 * @param start of the time
 * @param hit bytes that applications got from the cache
 * @param miss bytes that applications waited for
 * @param fetched bytes that OSS sent
 * @param uploaded bytes that OSS took
 * @param reads of applications
 * @param requests to OSS
 * @param failures of these
 * @param hitRatio of the bytes read, 0 to 1; empty: nothing was read
 * @param meanMillis until OSS began to answer; empty: nothing was asked
 * @param p99Millis 99 of 100 requests were answered sooner: within a factor of two
 */
public record Sample(
    Instant start,
    double hit,
    double miss,
    double fetched,
    double uploaded,
    double reads,
    double requests,
    double failures,
    OptionalDouble hitRatio,
    OptionalDouble meanMillis,
    OptionalDouble p99Millis) {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double P99 = 0.99;
  // Shares of a count that is spread over several slots are no whole numbers.
  private static final double NOTHING = 1e-3;

  static Sample of(Instant start, Duration length, double[] sum) {
    double seconds = length.toMillis() / 1e3;
    double read = sum[Figures.HIT] + sum[Figures.MISS];
    double asked = sum[Figures.REQUESTS];
    return new Sample(
        start,
        sum[Figures.HIT] / seconds,
        sum[Figures.MISS] / seconds,
        sum[Figures.FETCHED] / seconds,
        sum[Figures.UPLOADED] / seconds,
        sum[Figures.READS] / seconds,
        asked / seconds,
        sum[Figures.FAILURES] / seconds,
        read < NOTHING ? OptionalDouble.empty() : OptionalDouble.of(sum[Figures.HIT] / read),
        asked < NOTHING
            ? OptionalDouble.empty()
            : OptionalDouble.of(sum[Figures.NANOS] / asked / NANOS_PER_MILLI),
        quantile(sum));
  }

  /** Between the bounds of the bucket that has it, as if its requests were spread evenly there. */
  private static OptionalDouble quantile(double[] sum) {
    double all = 0;
    for (int i = 0; i < Figures.LATENCIES; i++) {
      all += sum[Figures.LATENCY + i];
    }
    if (all < NOTHING) {
      return OptionalDouble.empty();
    }
    double below = 0;
    for (int i = 0; i < Figures.LATENCIES - 1; i++) {
      double here = sum[Figures.LATENCY + i];
      if (below + here >= P99 * all) {
        double upper = 1L << i;
        double lower = i == 0 ? 0 : upper / 2;
        double part = here == 0 ? 1 : (P99 * all - below) / here;
        return OptionalDouble.of(lower + (upper - lower) * part);
      }
      below += here;
    }
    return OptionalDouble.of(1L << (Figures.LATENCIES - 1));
  }
}
