package io.ossmount.cache.supervise;

/**
 * How often the server may end before starting it again is given up: a fault that stays is
 * kubelet's and the operator's to see. Not thread-safe.
 */
final class RestartLimit {
  /** So many ends ... */
  static final int ENDS = 5;

  /** ... within so long. */
  static final long WITHIN_NANOS = 60_000_000_000L;

  /** When the last ones were, as a ring. */
  private final long[] ends = new long[ENDS];

  private long count;

  /**
   * The server has ended, and was not meant to.
   *
   * @param nanos of a clock that only goes forward, such as {@link System#nanoTime}
   * @return whether it is one too many
   */
  boolean isReached(long nanos) {
    ends[(int) (count % ENDS)] = nanos;
    count++;
    // The next place is that of the oldest.
    return count >= ENDS && nanos - ends[(int) (count % ENDS)] <= WITHIN_NANOS;
  }
}
