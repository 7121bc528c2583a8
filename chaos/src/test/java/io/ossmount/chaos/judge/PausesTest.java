package io.ossmount.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.Operation;
import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PausesTest {
  @Test
  void the_longest_pause_in_the_window_counts() {
    var events = List.of(gap(0, 90), gap(105, 120), gap(120, 130), gap(210, 400));

    assertThat(Pauses.longest(events, WorkKind.WALK, 100, 200, 200)).hasNanos(15);
  }

  @Test
  void what_lies_before_the_window_is_no_part_of_a_pause() {
    assertThat(Pauses.longest(List.of(gap(10, 110)), WorkKind.WALK, 100, 200, 200)).hasNanos(10);
    assertThat(Pauses.longest(List.of(), WorkKind.WALK, 100, 200, 10)).hasNanos(100);
  }

  @Test
  void a_workload_that_is_still_waiting_pauses_until_the_end() {
    assertThat(Pauses.longest(List.of(gap(100, 110)), WorkKind.WALK, 100, 200, 150)).hasNanos(50);
  }

  @Test
  void those_of_others_do_not_count() {
    assertThat(Pauses.longest(List.of(gap(100, 190)), WorkKind.SMALL, 100, 200, 199)).hasNanos(1);
  }

  @Test
  void percentiles_are_of_the_nearest_rank() {
    var pauses = IntStream.rangeClosed(1, 100).mapToObj(Duration::ofMillis).toList().reversed();

    assertThat(Pauses.percentile(pauses, 50)).hasMillis(50);
    assertThat(Pauses.percentile(pauses, 99)).hasMillis(99);
    assertThat(Pauses.percentile(pauses, 100)).hasMillis(100);
    assertThat(Pauses.percentile(List.of(Duration.ofMillis(7)), 50)).hasMillis(7);
    assertThat(Pauses.percentile(List.of(), 99)).isZero();
  }

  private static Event gap(long from, long to) {
    return new Event.Gap(WorkKind.WALK, from, to, Operation.READ);
  }
}
