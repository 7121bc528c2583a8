package io.ossmount.operator.dashboard.history;

import io.ossmount.operator.control.PodTraffic;

/** The counters of {@link PodTraffic} as a vector, so that all are treated alike. Pure. */
final class Figures {
  static final int HIT = 0;
  static final int MISS = 1;
  static final int FETCHED = 2;
  static final int UPLOADED = 3;
  static final int READS = 4;
  static final int REQUESTS = 5;
  static final int FAILURES = 6;
  static final int NANOS = 7;

  /** The first of {@link #LATENCIES}: requests that took at most 1, 2, 4 ... ms, and longer. */
  static final int LATENCY = 8;

  static final int LATENCIES = 17;
  static final int COUNT = LATENCY + LATENCIES;

  private Figures() {}

  static double[] of(PodTraffic traffic) {
    var figures = new double[COUNT];
    figures[HIT] = traffic.hitBytes();
    figures[MISS] = traffic.missBytes();
    figures[FETCHED] = traffic.fetchedBytes();
    figures[UPLOADED] = traffic.uploadedBytes();
    figures[READS] = traffic.reads();
    figures[REQUESTS] = traffic.storeRequests();
    figures[FAILURES] = traffic.storeFailures();
    figures[NANOS] = traffic.storeNanos();
    int told = Math.min(LATENCIES, traffic.storeLatencies().size());
    for (int i = 0; i < told; i++) {
      figures[LATENCY + i] = traffic.storeLatencies().get(i);
    }
    return figures;
  }

  /**
   * What was counted between two answers. Counters only grow: when one is less than before, another
   * process counts, and all of its count is new.
   */
  static double[] growth(double[] before, double[] after) {
    for (int i = 0; i < COUNT; i++) {
      if (after[i] < before[i]) {
        return after.clone();
      }
    }
    var growth = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      growth[i] = after[i] - before[i];
    }
    return growth;
  }
}
