package io.ossmount.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Reads one thing after the other, on a thread of its own, as a program that knows nothing of what
 * happens to a mount. Nothing waits for that thread when the bench ends.
 */
final class Reader {
  private static final int PATIENCE_SECONDS = 60;

  /** Nanoseconds at which each read ended. */
  private final FutureTask<List<Long>> ends;

  private Reader(FutureTask<List<Long>> ends) {
    this.ends = ends;
  }

  /**
   * Starts one.
   *
   * @param clock in nanoseconds
   */
  static Reader start(List<Work> reads, LongSupplier clock) {
    FutureTask<List<Long>> task =
        new FutureTask<>(() -> {
          List<Long> ends = new ArrayList<>();
          for (Work read : reads) {
            read.run();
            ends.add(clock.getAsLong());
          }
          return ends;
        });
    Thread.ofPlatform().daemon().name("reader").start(task);
    return new Reader(task);
  }

  /**
   * Waits for all reads; seconds from {@code nanos} to the end of the first read that ended after
   * it.
   *
   * @throws IOException any of them failed, before or after it, or does not end
   */
  double secondsFrom(long nanos) throws IOException, InterruptedException {
    try {
      return ends.get(PATIENCE_SECONDS, TimeUnit.SECONDS).stream()
              .mapToLong(end -> end - nanos)
              .filter(after -> after > 0)
              .findFirst()
              .orElseThrow(() -> new IOException("all had been read before"))
          / 1e9;
    } catch (ExecutionException failure) {
      throw new IOException("the reader saw an error", failure.getCause());
    } catch (TimeoutException stuck) {
      throw new IOException("the reader does not get on", stuck);
    }
  }
}
