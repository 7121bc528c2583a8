package io.ossmount.cache.store;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * When to try again: after a random part of 100 ms, 200 ms, ... 5 s ("full jitter"), at most {@link
 * #MOST_TRIES} times, and never beyond the deadline.
 */
final class Retries {
  private static final int MOST_TRIES = 40;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** A try with less time than this says nothing of the store when the time ends amid it. */
  private static final Duration ENOUGH = Duration.ofSeconds(2);

  private Deadline deadline;
  private final int mostTries;
  private int tries;

  /** What failed before a try that has less than enough time. */
  private @Nullable StoreException before;

  Retries(Deadline deadline) {
    this(deadline, MOST_TRIES);
  }

  Retries(Deadline deadline, int mostTries) {
    this.deadline = deadline;
    this.mostTries = mostTries;
  }

  Deadline deadline() {
    return deadline;
  }

  /** Something went well: the next failure is a new one, and there is so much more time. */
  void begin(Duration more) {
    tries = 0;
    before = null;
    deadline = deadline.later(more);
  }

  /**
   * Returns when it is time to try again.
   *
   * @throws StoreException when there is no sense in it: {@code failure}, or the one before when
   *     the time ended too soon after the pause to learn anything else
   */
  void pauseAfter(StoreException failure) {
    if (!isTemporary(failure) || ++tries >= mostTries) {
      throw failure;
    }
    long longest =
        Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << Math.min(tries - 1, Byte.SIZE));
    Duration pause = Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest));
    if (pause.compareTo(deadline.left()) >= 0) {
      throw before != null && deadline.isOver() ? before : failure;
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      StoreException interrupted = new StoreException.Interrupted("waiting to try again");
      interrupted.addSuppressed(failure);
      throw interrupted;
    }
    before = deadline.left().compareTo(ENOUGH) < 0 ? failure : null;
  }

  /** Whether the same request may go well later. */
  static boolean isTemporary(StoreException failure) {
    return switch (failure) {
      case StoreException.Unreachable _, StoreException.Unavailable _, StoreException.Corrupted _ ->
          true;
      case StoreException.NotFound _,
          StoreException.VersionChanged _,
          StoreException.Denied _,
          StoreException.BucketNotFound _,
          StoreException.Invalid _,
          StoreException.Interrupted _ ->
          false;
    };
  }
}
