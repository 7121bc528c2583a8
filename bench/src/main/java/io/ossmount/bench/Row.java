package io.ossmount.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * One row of the report: a piece of work done by the mount, and by what it is measured against.
 *
 * @param work what was done
 * @param unit of the figures, per second
 * @param mount by OssMount
 * @param local by the local disk that holds the cache
 * @param raw by the SDK alone against the same endpoint
 */
record Row(String work, String unit, Sample mount, Optional<Sample> local, Optional<Sample> raw) {

  static final String HEADER =
      """
      | work | unit | OssMount | local disk | raw SDK | of local | of raw |
      | --- | --- | --- | --- | --- | --- | --- |
      """;

  /**
   * The row in Markdown: medians, with the least and the most in brackets, and ratios of medians.
   */
  String markdown() {
    return "| %s | %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            work,
            unit,
            cell(mount),
            local.map(Row::cell).orElse("-"),
            raw.map(Row::cell).orElse("-"),
            local.map(this::ratio).orElse("-"),
            raw.map(this::ratio).orElse("-"));
  }

  private String ratio(Sample other) {
    return String.format(Locale.ROOT, "%.2f", mount.median() / other.median());
  }

  private static String cell(Sample sample) {
    return String.format(
        Locale.ROOT, "%,.0f (%,.0f-%,.0f)", sample.median(), sample.minimum(), sample.maximum());
  }
}
