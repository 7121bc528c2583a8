package io.ossmount.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.bench.Goal.Bound;
import io.ossmount.bench.Goal.Yardstick;
import io.ossmount.bench.Result.Measured;
import io.ossmount.bench.Result.Missing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RowTest {
  private static Result measured(double... values) {
    return new Measured(
        new Sample(java.util.Arrays.stream(values).boxed().toList()),
        Optional.of(new Sample(List.of(0.25))));
  }

  private static Row row(Measure measure, Goal goal, Map<Side, Result> results) {
    return new Row(new Row.Title("P0", "read", "MiB/s", measure, goal), results);
  }

  @Test
  void ratiosAreThoseOfMedians() {
    Row row =
        row(
            Measure.RATE,
            Goal.NONE,
            Map.of(Side.OSSMOUNT, measured(40, 50, 90), Side.LOCAL, measured(100)));
    assertThat(row.ratio(Yardstick.LOCAL)).hasValue(0.5);
    assertThat(row.ratio(Yardstick.RAW)).isEmpty();
  }

  @Test
  void theBestPeerIsTheFastest() {
    Row row =
        row(
            Measure.RATE,
            Goal.NONE,
            Map.of(
                Side.OSSMOUNT, measured(50), Side.S3FS, measured(10), Side.RCLONE, measured(25)));
    assertThat(row.ratio(Yardstick.BEST_PEER)).hasValue(2.0);
  }

  @Test
  void whereLessIsBetterTheBestPeerIsTheOneWithTheLeast() {
    Row row =
        row(
            Measure.AMOUNT,
            Goal.NONE,
            Map.of(
                Side.OSSMOUNT, measured(50), Side.S3FS, measured(10), Side.RCLONE, measured(25)));
    assertThat(row.ratio(Yardstick.BEST_PEER)).hasValue(0.2);
  }

  @Test
  void aPeerThatIsMissingIsNotTheBest() {
    Row row =
        row(
            Measure.RATE,
            Goal.NONE,
            Map.of(
                Side.OSSMOUNT,
                measured(50),
                Side.S3FS,
                new Missing("not installed"),
                Side.RCLONE,
                measured(25)));
    assertThat(row.ratio(Yardstick.BEST_PEER)).hasValue(2.0);
  }

  @Test
  void aGoalSaysWhetherItIsReached() {
    Goal goal =
        Goal.of(
            new Bound(Yardstick.LOCAL, 0.95),
            new Bound(Yardstick.BEST_PEER, 2),
            new Bound(Yardstick.FIGURE, 20_000));
    Row row =
        row(
            Measure.RATE,
            goal,
            Map.of(Side.OSSMOUNT, measured(30_000), Side.LOCAL, measured(40_000)));
    assertThat(goal.words(row))
        .isEqualTo(">= 0.95 of local: **no**; >= 2 of best peer: not measured; >= 20,000: yes");
  }

  @Test
  void aFigureOfWhichLessIsBetterMayNotBeMore() {
    Goal goal = Goal.of(new Bound(Yardstick.FIGURE, 160));
    assertThat(goal.words(row(Measure.AMOUNT, goal, Map.of(Side.OSSMOUNT, measured(161)))))
        .isEqualTo("<= 160: **no**");
    assertThat(goal.words(row(Measure.AMOUNT, goal, Map.of(Side.OSSMOUNT, measured(160)))))
        .isEqualTo("<= 160: yes");
  }

  @Test
  void theTableHasAColumnForEachSideAndSaysWhoIsMissing() {
    Row row =
        row(
            Measure.RATE,
            Goal.NONE,
            Map.of(
                Side.OSSMOUNT,
                measured(1234.4, 1000, 2000),
                Side.LOCAL,
                measured(20),
                Side.S3FS,
                new Missing("not installed"),
                Side.RCLONE,
                measured(0.5)));
    assertThat(Table.ofFigures(List.of(row)))
        .isEqualTo(
            """
            | work | unit | OssMount | local disk | raw SDK | s3fs | rclone | of local | of raw | of best peer | goal |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            | P0: read | MiB/s | 1,234 (1,000-2,000) | 20.0 (20.0-20.0) | - | not installed | 0.50 (0.50-0.50) | 61.7 | - | 2,469 | - |
            """);
  }

  @Test
  void theTableOfCpuTimeHasTheMountsAlone() {
    Row row =
        row(Measure.RATE, Goal.NONE, Map.of(Side.OSSMOUNT, measured(1), Side.LOCAL, measured(1)));
    Row none = row(Measure.RATE, Goal.NONE, Map.of(Side.S3FS, new Missing("left out")));
    assertThat(Table.ofCpuTime(List.of(row, none)))
        .isEqualTo(
            """
            | work | OssMount | s3fs | rclone |
            | --- | --- | --- | --- |
            | P0 | 0.25 | - | - |
            """);
  }
}
