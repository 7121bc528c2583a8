package io.ossmount.cache.store;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One try of something that waits for a socket, which ends in time.
 *
 * <p>It runs on a virtual thread of its own: interrupting that closes the socket it waits for,
 * whatever thread the caller is. So time-outs of sockets need not add up to that of the operation,
 * and an interrupted caller goes away at once.
 */
final class Attempt {
  private Attempt() {}

  /**
   * Runs {@code work}.
   *
   * @param late takes a result that came after the caller had gone
   * @throws StoreException what {@code work} threw; {@link StoreException.Unreachable} when it took
   *     too long; {@link StoreException.Interrupted}
   */
  static <T extends @Nullable Object> T run(
      String doing, Duration limit, Supplier<T> work, Consumer<T> late) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = Thread.ofVirtual().name("store").start(task);
    try {
      return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unwrap(doing, e);
    } catch (TimeoutException e) {
      leave(thread, task, late);
      throw new StoreException.Unreachable(
          "%s: no answer within %d ms".formatted(doing, limit.toMillis()), e);
    } catch (InterruptedException e) {
      leave(thread, task, late);
      Thread.currentThread().interrupt();
      throw new StoreException.Interrupted(doing);
    }
  }

  /** Interrupts the thread; what it has nevertheless brought by then is not left lying about. */
  private static <T extends @Nullable Object> void leave(
      Thread thread, FutureTask<T> task, Consumer<T> late) {
    thread.interrupt();
    Thread.ofVirtual()
        .start(() -> {
          try {
            late.accept(task.get());
          } catch (ExecutionException | InterruptedException e) {
            // It brought nothing.
          }
        });
  }

  private static RuntimeException unwrap(String doing, ExecutionException thrown) {
    return switch (thrown.getCause()) {
      case StoreException known -> known;
      case RuntimeException other -> other;
      case Error error -> throw error;
      case null, default -> new StoreException.Unreachable(doing, thrown);
    };
  }
}
