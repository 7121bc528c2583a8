package io.ossmount.cache.selftest;

/**
 * What came of one test.
 *
 * @param name of the test
 * @param millis how long it took
 * @param message why it failed or was skipped, or what it found; at most {@value #MAX_MESSAGE}
 *     characters, never a credential
 */
public record Row(String name, Result result, long millis, String message) {
  /** Most characters of a message; the schema of an OssMountTest's status allows no more. */
  public static final int MAX_MESSAGE = 512;

  /** How a test ended; the constants are the values of the API. */
  public enum Result {
    /** All was as it should be. */
    Passed,
    /** Something was not. */
    Failed,
    /** It was not tried. */
    Skipped
  }

  /** Cuts the message. */
  public Row {
    if (message.length() > MAX_MESSAGE) {
      message = message.substring(0, MAX_MESSAGE - 3) + "...";
    }
  }
}
