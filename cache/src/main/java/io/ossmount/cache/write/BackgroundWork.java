package io.ossmount.cache.write;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that nobody waits for: uploads of what was dirty when the last descriptor went, and
 * attributes that are saved a moment later. At most {@value #PARALLEL} at once and {@value
 * #CAPACITY} waiting; work that fails is repeated {@value #ATTEMPTS} times with growing pauses.
 * Thread-safe.
 */
public final class BackgroundWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundWork.class);
  private static final int PARALLEL = 16;
  private static final int CAPACITY = 10_000;
  private static final int ATTEMPTS = 10;
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("background").daemon().factory());
  private final Queue<Task> ready = new ArrayDeque<>();
  private int running;
  private int waiting;
  private boolean closed;

  /** Something to do; what it throws says that it has to be done again. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run();
  }

  private record Task(String name, Work work, Runnable givenUp, int attempt, int attempts) {}

  /**
   * Does {@code work} after a pause.
   *
   * @param name for the log
   * @param givenUp called when it has failed for the last time
   * @return false when too much waits already, or the end has come: the caller does it itself
   */
  public synchronized boolean submit(String name, Duration pause, Work work, Runnable givenUp) {
    if (closed || waiting + ready.size() >= CAPACITY) {
      return false;
    }
    schedule(new Task(name, work, givenUp, 1, ATTEMPTS), pause.toMillis());
    return true;
  }

  /**
   * Does {@code work}, as often as it takes. The caller bounds how much waits.
   *
   * @param name for the log
   * @return false when the end has come
   */
  public synchronized boolean keepOn(String name, Work work) {
    if (!closed) {
      schedule(new Task(name, work, () -> {}, 1, Integer.MAX_VALUE), 0);
    }
    return !closed;
  }

  /** What is not done yet. */
  public synchronized int tasks() {
    return waiting + ready.size() + running;
  }

  private synchronized void schedule(Task task, long pauseMillis) {
    if (closed) {
      return;
    }
    waiting++;
    if (pauseMillis == 0) {
      due(task);
    } else {
      var _ = timer.schedule(() -> due(task), pauseMillis, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void due(Task task) {
    waiting--;
    ready.add(task);
    startMore();
  }

  private synchronized void startMore() {
    while (running < PARALLEL && !ready.isEmpty()) {
      Task task = ready.remove();
      running++;
      Thread.ofVirtual().name("background-" + task.name).start(() -> run(task));
    }
  }

  private void run(Task task) {
    try {
      task.work.run();
    } catch (RuntimeException e) {
      failed(task, e);
    } finally {
      ended();
    }
  }

  private void failed(Task task, RuntimeException failure) {
    if (task.attempt == task.attempts) {
      LOG.error("{} failed for the last time", task.name, failure);
      task.givenUp.run();
      return;
    }
    long limit =
        Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(ATTEMPTS, task.attempt - 1));
    long pause = ThreadLocalRandom.current().nextLong(limit / 2, limit);
    LOG.warn("{} failed, again in {} ms: {}", task.name, pause, failure.getMessage());
    schedule(new Task(task.name, task.work, task.givenUp, task.attempt + 1, task.attempts), pause);
  }

  private synchronized void ended() {
    running--;
    startMore();
    notifyAll();
  }

  /**
   * Waits, within a deadline, for what runs. What waits for its time is not started any more:
   * whoever submitted it looks after it.
   */
  @Override
  public void close() {
    close(Duration.ofMinutes(1));
  }

  /** The same, within this deadline. */
  public synchronized void close(Duration deadline) {
    closed = true;
    timer.shutdownNow();
    ready.clear();
    long end = System.nanoTime() + deadline.toNanos();
    boolean interrupted = false;
    while (running > 0 && System.nanoTime() < end) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
