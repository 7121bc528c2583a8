package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * When threads began, as far as the kernel says it at once. Thread-safe.
 *
 * <p>Only {@link TaskStat} says it, which waits for a thread that is in exec(2), perhaps for the
 * answer of who asks here. So another thread waits, and does until that is answered; there are a
 * few of them.
 */
final class TaskStarts {
  private static final int MOST_THREADS = 4;
  private static final int IDLE_SECONDS = 10;
  private static final long PATIENCE_MILLIS = 200;

  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0,
          MOST_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().name("task-starts-", 0).daemon().factory());

  private TaskStarts() {}

  /**
   * In ticks of {@link BootClock}; empty: it is not said, or not at once.
   *
   * @throws IOException there is no such thread
   */
  static OptionalLong of(int tid) throws IOException {
    Future<TaskStat> stat;
    try {
      stat = THREADS.submit(() -> TaskStat.read(tid));
    } catch (RejectedExecutionException allWait) {
      return OptionalLong.empty();
    }
    try {
      return stat.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).start();
    } catch (TimeoutException e) {
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException gone ? gone : new IOException(e);
    }
  }
}
