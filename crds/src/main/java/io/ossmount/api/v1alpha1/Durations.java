package io.ossmount.api.v1alpha1;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the API writes them: {@code 60s}, {@code 5m}, {@code 1h30m}, {@code 500ms}. */
public final class Durations {
  static final long MAX_LENGTH = 32;

  static final String IS_DURATION = "self.matches('^([0-9]{1,6}(ms|s|m|h))+$')";
  static final String MESSAGE = "a duration is written as in 500ms, 60s, 5m or 1h30m";
  // A text that is no duration is the other rule's to refuse; duration() of it would be an error of
  // its own.
  static final String IS_POSITIVE =
      "!self.matches('^([0-9]{1,6}(ms|s|m|h))+$') || duration(self) > duration('0s')";
  static final String POSITIVE_MESSAGE = "must be longer than 0s";

  private static final Pattern WHOLE = Pattern.compile("([0-9]{1,6}(ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if the text is not one
   */
  public static Duration parse(String text) {
    if (text.length() > MAX_LENGTH || !WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException("not a duration such as 60s, 5m or 1h30m: " + text);
    }
    var sum = Duration.ZERO;
    for (Matcher part = PART.matcher(text); part.find(); ) {
      sum = sum.plus(Duration.ofMillis(Long.parseLong(part.group(1)) * unitMillis(part.group(2))));
    }
    return sum;
  }

  private static long unitMillis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      default -> throw new IllegalArgumentException("not a unit: " + unit);
    };
  }
}
