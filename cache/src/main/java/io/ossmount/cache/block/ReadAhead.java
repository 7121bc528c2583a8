package io.ossmount.cache.block;

/**
 * How far ahead of a reader to fetch. The window is twice what the reader has read in sequence, so
 * that it doubles with each round, up to {@link #MOST_BYTES}; a reader that jumps has none.
 *
 * <p>The kernel sends the reads of one sequential reader from several threads and so a little out
 * of order: what lies within {@link #SLACK_BYTES} of the expected place counts as sequential.
 * Thread-safe.
 */
final class ReadAhead {
  /** Also the most that a reader that goes away has had fetched in vain. */
  static final long MOST_BYTES = 64L << 20;

  /** Blocks of one GET: with fewer, the time to the first byte is a large part of each. */
  static final int MOST_RUN = 8;

  private static final long SLACK_BYTES = 2L << 20;

  private long expected;
  private long sequentialBytes;
  private boolean begun;
  private int frontier;

  /**
   * What to fetch beside the read itself.
   *
   * @param from first block
   * @param to block after the last; not more than {@code from}: nothing
   * @param run blocks for one request
   * @param isElsewhere the reader has jumped: what was fetched ahead before is of no use to it
   */
  record Window(int from, int to, int run, boolean isElsewhere) {
    private static Window nothing(boolean isElsewhere) {
      return new Window(0, 0, 1, isElsewhere);
    }
  }

  /** Takes note of a read. */
  synchronized Window after(long position, long length) {
    long end = position + length;
    if (Math.abs(position - expected) > SLACK_BYTES) {
      expected = end;
      sequentialBytes = 0;
      begun = true;
      frontier = 0;
      return Window.nothing(true);
    }
    sequentialBytes += Math.max(0, end - expected);
    expected = Math.max(expected, end);
    boolean first = !begun;
    begun = true;
    if (first) {
      return Window.nothing(false);
    }
    long ahead = Math.min(MOST_BYTES, 2 * sequentialBytes);
    int from = Math.max(frontier, Blocks.at(expected - 1) + 1);
    int to = Blocks.at(expected - 1 + ahead) + 1;
    int run = Math.clamp(ahead / Blocks.SIZE / 4, 1, MOST_RUN);
    return new Window(from, to, run, false);
  }

  /** All before {@code block} was asked for. */
  synchronized void reached(int block) {
    frontier = Math.max(frontier, block);
  }
}
