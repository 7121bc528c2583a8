package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Scene;
import java.io.IOException;
import java.util.SplittableRandom;

/**
 * Something that is done to a scene. Stateless.
 *
 * @param <S> where it can be done
 */
@FunctionalInterface
public interface Fault<S extends Scene> {
  /**
   * Does it, and takes away what would not go by itself. Returns when the scene could be well
   * again; ends within two minutes.
   *
   * @param moment is told when it happens: just before a signal is sent, or a call made
   * @throws IOException the harness itself failed
   */
  Outcome inject(S scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException;

  /** Whether it is one of those that CI does; others take too long. */
  default boolean isShort() {
    return true;
  }

  /** Whether what is in the cache can be read on meanwhile. */
  default boolean leavesCached() {
    return false;
  }

  /** Whether an application has to see one of the errors that are allowed: else it was no fault. */
  default boolean mustBeSeen() {
    return false;
  }

  /** Whether files are deleted that the server may have open, and keeps as long as it uses them. */
  default boolean deletesFiles() {
    return false;
  }

  /** What came of it. */
  sealed interface Outcome {
    /**
     * It happened.
     *
     * @param waiting requests that were outstanding at that moment; 0 when it does not matter
     */
    record Happened(int waiting) implements Outcome {}

    /** It happened, and the product did not do what it has to. */
    record Failed(String why) implements Outcome {}

    /** It could not be done so that it counts. */
    record NotCounted(String why) implements Outcome {}
  }
}
