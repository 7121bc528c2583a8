package io.ossmount.cache.serve;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Says to the plugin what virtual threads want to be said: sending is not for them. Thread-safe.
 */
final class PluginSender implements AutoCloseable {
  private static final int MOST_QUEUED = 4096;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_QUEUED),
          Thread.ofPlatform().name("to-plugin-", 0).daemon().factory());

  PluginSender() {
    thread.allowCoreThreadTimeOut(true);
  }

  /** Has it done, after what came before; false: too much waits, or this is closed. */
  boolean submit(Runnable work) {
    try {
      thread.execute(work);
      return true;
    } catch (RejectedExecutionException fullOrClosed) {
      return false;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
