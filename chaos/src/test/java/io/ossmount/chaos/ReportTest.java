package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
  private final Results results = new Results();
  private final Report report = new Report(results, row -> "what " + row + " may");

  @Test
  void what_is_allowed_stands_beside_each_fault_and_the_end_has_a_row() {
    results.add(finding(), List.of());
    results.addLast(
        List.of(
            "write lost: a should be 5 bytes",
            LastLook.HANGS,
            LastLook.SEEN + "EIO from READ (walk)",
            "wrong: walk: byte 5",
            "staging files left: [b]"));

    assertThat(report.table().lines())
        .containsExactly(
            "| fault | times | allowed: pause, errors | longest pause, ms: p50 / p99 / max | errors"
                + " | wrong bytes | lost writes | leaks |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            "| row | 1 | what row may | 7 / 7 / 7 | 0 | 0 | 0 | 0 |",
            "| at the end | 1 | none |  | 2 | 1 | 1 | 1 |");
  }

  @Test
  void nothing_at_the_end_is_told_as_well() {
    results.addLast(List.of());

    assertThat(report.table()).endsWith("| at the end | 1 | none |  | 0 | 0 | 0 | 0 |\n");
    assertThat(report.violations()).isEqualTo("Nothing happened that is not allowed.\n");
  }

  private static Finding finding() {
    return new Finding(
        "row",
        1,
        List.of(),
        Map.of(WorkKind.WALK, Duration.ofMillis(7)),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
