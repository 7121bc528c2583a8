package io.ossmount.cache.block;

import io.ossmount.cache.store.StoreException;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes checksums of whole objects away from those who wait: on one platform thread, because it
 * is disk and processor and nothing else. Too much of it at once is left undone. Thread-safe.
 */
final class Checksums implements AutoCloseable {
  private static final int MOST_WAITING = 256;
  private static final Logger log = LoggerFactory.getLogger(Checksums.class);

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().name("checksums").daemon().factory());

  private volatile boolean closed;

  /** Something to compute of a version. */
  interface Work {
    void run() throws IOException;
  }

  /** Does it later; the version stays in use until then. False: there is too much to do. */
  boolean submit(OpenVersion version, Work work) {
    version.uses().retain(version);
    try {
      thread.execute(() -> run(version, work));
      return true;
    } catch (RejectedExecutionException e) {
      version.uses().release(version);
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.shutdownNow().forEach(Runnable::run);
  }

  private void run(OpenVersion version, Work work) {
    try {
      if (!closed) {
        work.run();
      }
    } catch (StoreException.Interrupted e) {
      // The cache is being closed; what is not known then is found out by the next process.
    } catch (IOException | StoreException e) {
      log.warn("checksum of {}", version.version().key(), e);
    } finally {
      version.uses().release(version);
    }
  }
}
