package io.ossmount.cache.store;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One try of something that waits for a socket, which ends in time.
 *
 * <p>It runs on a virtual thread: to interrupt that closes the socket that it waits for. So
 * time-outs of sockets need not add up to that of the operation, and an interrupted caller goes
 * away at once. (A name that is being resolved cannot be interrupted; the resolver has a time-out
 * of its own.)
 */
final class Attempt {
  private static final ScheduledThreadPoolExecutor ALARMS = alarms();

  private Attempt() {}

  /**
   * Runs {@code work}: here, when this is a virtual thread.
   *
   * @throws StoreException what {@code work} threw; {@link StoreException.Unreachable} when it took
   *     too long; {@link StoreException.Interrupted}
   */
  static <T extends @Nullable Object> T run(String doing, Duration limit, Supplier<T> work) {
    return Thread.currentThread().isVirtual()
        ? runHere(doing, limit, work)
        : runElsewhere(doing, limit, work);
  }

  private static <T extends @Nullable Object> T runHere(
      String doing, Duration limit, Supplier<T> work) {
    Alarm alarm = new Alarm(Thread.currentThread());
    Future<?> set = ALARMS.schedule(alarm, limit.toNanos(), TimeUnit.NANOSECONDS);
    RuntimeException failed;
    try {
      return work.get();
    } catch (RuntimeException e) {
      failed = e;
    } finally {
      set.cancel(false);
      alarm.end();
    }
    if (alarm.hasRung()) {
      throw new StoreException.Unreachable(
          "%s: no answer within %d ms".formatted(doing, limit.toMillis()), failed);
    }
    throw Thread.currentThread().isInterrupted() ? new StoreException.Interrupted(doing) : failed;
  }

  private static <T extends @Nullable Object> T runElsewhere(
      String doing, Duration limit, Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(() -> runHere(doing, limit, work));
    Thread thread = Thread.ofVirtual().name("store").start(task);
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          // It ends at once; what it has brought nevertheless is the caller's.
          isInterrupted = true;
          thread.interrupt();
        }
      }
    } catch (ExecutionException e) {
      throw unwrap(doing, e);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unwrap(String doing, ExecutionException thrown) {
    return switch (thrown.getCause()) {
      case RuntimeException failed -> failed;
      case Error error -> throw error;
      case null, default -> new StoreException.Unreachable(doing, thrown);
    };
  }

  private static ScheduledThreadPoolExecutor alarms() {
    var alarms =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("store-deadlines").factory());
    alarms.setRemoveOnCancelPolicy(true);
    return alarms;
  }

  /** Interrupts a thread when the time is over, and never after the work has ended. */
  private static final class Alarm implements Runnable {
    private enum State {
      SET,
      RINGING,
      RUNG,
      ENDED
    }

    private final Thread thread;
    private final AtomicReference<State> state = new AtomicReference<>(State.SET);

    Alarm(Thread thread) {
      this.thread = thread;
    }

    @Override
    public void run() {
      if (state.compareAndSet(State.SET, State.RINGING)) {
        thread.interrupt();
        state.set(State.RUNG);
      }
    }

    /** The work has ended: nothing of the alarm is left on its thread. */
    void end() {
      if (!state.compareAndSet(State.SET, State.ENDED)) {
        while (state.get() != State.RUNG) {
          Thread.onSpinWait();
        }
        boolean _ = Thread.interrupted();
      }
    }

    boolean hasRung() {
      return state.get() == State.RUNG;
    }
  }
}
