package io.ossmount.cache.selftest;

import java.time.Duration;

/**
 * One test.
 *
 * @param name such as {@code Cache_Through/Append}; one of its own
 * @param writes whether it needs a mount and credentials that may write
 * @param pause how long it may wait besides what it does
 * @param body what it does
 */
record Check(String name, boolean writes, Duration pause, Body body) {
  /** What a test does. */
  interface Body {
    /**
     * Ends normally when all is as it should be.
     *
     * @return what is worth saying of it; "" for nothing
     * @throws CheckFailed it is not
     * @throws NotApplicable there is nothing to try it on
     * @throws Exception what was tried did not work
     */
    String run() throws Exception;
  }

  /** Of a body that has nothing to say. */
  interface Silent {
    /** As {@link Body#run}. */
    void run() throws Exception;
  }

  static Check reading(String name, Body body) {
    return new Check(name, false, Duration.ZERO, body);
  }

  static Check writing(String name, Silent body) {
    return new Check(
        name,
        true,
        Duration.ZERO,
        () -> {
          body.run();
          return "";
        });
  }

  /** The same that may wait. */
  Check waiting(Duration pause) {
    return new Check(name, writes, pause, body);
  }

  /** Something is not as it should be. */
  static final class CheckFailed extends Exception {
    private static final long serialVersionUID = 1L;

    CheckFailed(String message) {
      super(message);
    }
  }

  /** There is nothing to try it on. */
  static final class NotApplicable extends Exception {
    private static final long serialVersionUID = 1L;

    NotApplicable(String message) {
      super(message);
    }
  }

  /**
   * Goes on if the claim is true.
   *
   * @param otherwise what is wrong if it is not, as a format
   */
  @SuppressWarnings("AnnotateFormatMethod") // Of a library that is not on the class path.
  static void that(boolean claim, String otherwise, Object... arguments) throws CheckFailed {
    if (!claim) {
      throw new CheckFailed(otherwise.formatted(arguments));
    }
  }
}
