package io.ossmount.cache.selftest;

import java.io.PrintWriter;

/** A run as lines for people. */
public final class TextLines implements Reporter {
  private final PrintWriter out;
  private int passed;
  private int skipped;
  private int all;

  /** Written to {@code out}, each line at once. */
  public TextLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begins(int total) {
    out.println(total + " tests");
    out.flush();
  }

  @Override
  public void ended(Row row) {
    all++;
    switch (row.result()) {
      case Passed -> passed++;
      case Skipped -> skipped++;
      case Failed -> {
        // Told by what is missing.
      }
    }
    out.println(
        "%-8s %6d ms  %s%s"
            .formatted(
                row.result(),
                row.millis(),
                row.name(),
                row.message().isEmpty() ? "" : ": " + row.message()));
    out.flush();
  }

  @Override
  public void ends() {
    out.println("%d of %d passed, %d skipped".formatted(passed, all - skipped, skipped));
    out.flush();
  }
}
