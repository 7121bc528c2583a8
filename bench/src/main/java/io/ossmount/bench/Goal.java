package io.ossmount.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What OssMount wants to reach in a comparison.
 *
 * @param bounds all of which count
 */
record Goal(List<Bound> bounds) {
  /** What is measured, and nothing asked for. */
  static final Goal NONE = new Goal(List.of());

  Goal {
    bounds = List.copyOf(bounds);
  }

  static Goal of(Bound... bounds) {
    return new Goal(List.of(bounds));
  }

  /** What a figure is held against. */
  enum Yardstick {
    LOCAL("of local"),
    RAW("of raw"),
    BEST_PEER("of best peer"),
    /** The figure by itself. */
    FIGURE("");

    private final String words;

    Yardstick(String words) {
      this.words = words;
    }
  }

  /**
   * One demand.
   *
   * @param yardstick what is compared
   * @param value least ratio, or the figure that is to be reached
   */
  record Bound(Yardstick yardstick, double value) {
    private String words(Row row) {
      String sign =
          yardstick == Yardstick.FIGURE && row.title().measure() == Measure.AMOUNT ? "<=" : ">=";
      String demand = "%s %s %s".formatted(sign, number(value), yardstick.words).trim();
      return row.reached(this)
          .map(isReached -> demand + (isReached ? ": yes" : ": **no**"))
          .orElse(demand + ": not measured");
    }

    private static String number(double value) {
      return value == Math.rint(value)
          ? String.format(Locale.ROOT, "%,.0f", value)
          : String.format(Locale.ROOT, "%.2f", value);
    }
  }

  /** The demands, each with whether a row reaches it. */
  String words(Row row) {
    return bounds.isEmpty()
        ? "-"
        : bounds.stream().map(bound -> bound.words(row)).collect(Collectors.joining("; "));
  }
}
