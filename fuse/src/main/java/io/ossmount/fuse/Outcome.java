package io.ossmount.fuse;

import java.util.concurrent.Callable;

/**
 * What a file system says to a request: the answer, or the work that leads to it.
 *
 * @param <T> type of the answer
 */
public sealed interface Outcome<T> {
  /** The answer is there. */
  record Now<T>(T answer) implements Outcome<T> {}

  /**
   * The answer needs work that waits. It runs once, on a virtual thread. It is interrupted only
   * when the caller may be told EINTR: for lookups, reads and listings.
   */
  record Later<T>(Callable<T> work) implements Outcome<T> {}

  /** The answer is there. */
  static <T> Outcome<T> of(T answer) {
    return new Now<>(answer);
  }

  /** The answer needs work that waits. */
  static <T> Outcome<T> later(Callable<T> work) {
    return new Later<>(work);
  }

  /** Answer of operations that have none but success. */
  static Outcome<Done> done() {
    return Done.OUTCOME;
  }
}
