package io.ossmount.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SampleTest {
  @Test
  void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
    assertThat(new Sample(List.of(9.0, 1.0, 3.0, 5.0)).median()).isEqualTo(4.0);
    assertThat(new Sample(List.of(9.0, 1.0, 3.0)).median()).isEqualTo(3.0);
  }

  @Test
  void aSampleNeedsAValue() {
    assertThatThrownBy(() -> new Sample(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRowShowsTheRatiosOfMedians() {
    Row row =
        new Row(
            "read",
            "MiB/s",
            new Sample(List.of(50.0)),
            Optional.of(new Sample(List.of(100.0))),
            Optional.empty());
    assertThat(row.markdown())
        .isEqualTo("| read | MiB/s | 50 (50-50) | 100 (100-100) | - | 0.50 | - |\n");
  }
}
