package io.ossmount.fuse.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the stand-ins of a process have done, and how much memory they have filled. Thread-safe. */
final class StandInTotals {
  /**
   * Of a MiB, in all sessions besides one for each: WRITEs that wait. It is this process that the
   * memory counts for.
   */
  private static final int MOST_BUFFERS = 32;

  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicInteger buffers = new AtomicInteger();

  void answered() {
    answered.incrementAndGet();
  }

  void kept() {
    kept.incrementAndGet();
  }

  void ended() {
    ended.incrementAndGet();
  }

  void buffersFilled(int change) {
    buffers.addAndGet(change);
  }

  boolean hasBuffers() {
    return buffers.get() < MOST_BUFFERS;
  }

  StandIns.Counts counts() {
    return new StandIns.Counts(answered.get(), kept.get(), ended.get());
  }
}
