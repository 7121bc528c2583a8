package io.ossmount.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.bench.Result.Measured;
import io.ossmount.bench.Result.Missing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private static final Row.Title TITLE =
      new Row.Title("P0", "nothing", "s", Measure.AMOUNT, Goal.NONE);

  private final List<String> done = new ArrayList<>();

  private Work note(String what, double answer) {
    return () -> {
      done.add(what);
      return answer;
    };
  }

  private Trial trial(String who) {
    return new Trial(
        note(who + " prepares", 0), note(who + " before", 0), note(who, 2), Optional.empty());
  }

  @Test
  void theSidesTakeTurnsWithinARound() throws Exception {
    new Comparison(
            TITLE, 2, Map.of(Side.OSSMOUNT, trial("we"), Side.LOCAL, trial("local")), Map.of())
        .measure(5);
    assertThat(done)
        .containsExactly(
            "we prepares",
            "we before",
            "we",
            "local prepares",
            "local before",
            "local",
            "we before",
            "we",
            "local before",
            "local");
  }

  @Test
  void aPeerThatFailsIsLeftOutAndSaysSo() throws Exception {
    Trial failing =
        Trial.direct(
            Work.NOTHING,
            () -> {
              throw new IOException("gone");
            });
    Row row =
        new Comparison(
                TITLE,
                3,
                Map.of(Side.OSSMOUNT, trial("we"), Side.S3FS, failing),
                Map.of(Side.RCLONE, new Missing("not installed")))
            .measure(3);
    assertThat(row.results())
        .containsEntry(Side.S3FS, new Missing("failed"))
        .containsEntry(Side.RCLONE, new Missing("not installed"))
        .containsEntry(
            Side.OSSMOUNT, new Measured(new Sample(List.of(2.0, 2.0, 2.0)), Optional.empty()));
  }

  @Test
  void aFailureOfOursEndsTheBench() {
    Trial failing =
        Trial.direct(
            Work.NOTHING,
            () -> {
              throw new IOException("gone");
            });
    Comparison comparison = new Comparison(TITLE, 3, Map.of(Side.OSSMOUNT, failing), Map.of());
    assertThatThrownBy(() -> comparison.measure(1)).isInstanceOf(IOException.class);
  }
}
