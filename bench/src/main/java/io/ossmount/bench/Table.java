package io.ossmount.bench;

import io.ossmount.bench.Goal.Yardstick;
import io.ossmount.bench.Result.Measured;
import io.ossmount.bench.Result.Missing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows in Markdown. */
final class Table {
  private final StringBuilder text = new StringBuilder();

  private Table() {}

  /**
   * Medians, with the least and the most in brackets, and how many times as good as the others
   * OssMount is.
   */
  static String ofFigures(List<Row> rows) {
    Table table = new Table();
    List<String> head = new ArrayList<>(List.of("work", "unit"));
    Arrays.stream(Side.values()).map(Side::title).forEach(head::add);
    head.addAll(List.of("of local", "of raw", "of best peer", "goal"));
    table.head(head);
    for (Row row : rows) {
      Row.Title title = row.title();
      List<String> cells = new ArrayList<>(List.of(title.id() + ": " + title.name(), title.unit()));
      Arrays.stream(Side.values()).map(side -> cell(row.results().get(side))).forEach(cells::add);
      cells.add(ratio(row, Yardstick.LOCAL));
      cells.add(ratio(row, Yardstick.RAW));
      cells.add(ratio(row, Yardstick.BEST_PEER));
      cells.add(title.goal().words(row));
      table.line(cells);
    }
    return table.text.toString();
  }

  /** Medians of the CPU time of the mounts' processes, of those rows that have any. */
  static String ofCpuTime(List<Row> rows) {
    Table table = new Table();
    List<Side> mounts = List.of(Side.OSSMOUNT, Side.S3FS, Side.RCLONE);
    List<String> head = new ArrayList<>(List.of("work"));
    mounts.stream().map(Side::title).forEach(head::add);
    table.head(head);
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(List.of(row.title().id()));
      mounts.stream().map(side -> cpuTime(row.results().get(side)).orElse("-")).forEach(cells::add);
      if (cells.stream().skip(1).anyMatch(cell -> !cell.equals("-"))) {
        table.line(cells);
      }
    }
    return table.text.toString();
  }

  private void head(List<String> names) {
    line(names);
    line(names.stream().map(_ -> "---").toList());
  }

  private void line(List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String ratio(Row row, Yardstick yardstick) {
    return row.ratio(yardstick).map(Table::number).orElse("-");
  }

  private static String cell(@Nullable Result result) {
    return switch (result) {
      case null -> "-";
      case Missing missing -> missing.why();
      case Measured(Sample sample, Optional<Sample> _) ->
          "%s (%s-%s)"
              .formatted(
                  number(sample.median()), number(sample.minimum()), number(sample.maximum()));
    };
  }

  private static Optional<String> cpuTime(@Nullable Result result) {
    return result instanceof Measured measured
        ? measured.cpuSeconds().map(seconds -> number(seconds.median()))
        : Optional.empty();
  }

  /** As many digits as say something. */
  static String number(double value) {
    String format =
        value >= 100
            ? "%,.0f"
            : value >= 10 ? "%.1f" : value >= 0.1 || value == 0 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}
