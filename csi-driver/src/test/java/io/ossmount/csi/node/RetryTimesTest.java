package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class RetryTimesTest {
  /** So that the clock passes the end of its range. */
  private static final long START = Long.MAX_VALUE - 5;

  private static final long FIRST = RetryTimes.FIRST.toNanos();

  @Test
  void what_has_not_failed_is_due() {
    assertThat(new RetryTimes(() -> 0).isDue("a", START)).isTrue();
  }

  @Property
  void the_pauses_grow_and_have_a_bound(
      @ForAll @IntRange(max = 20) int failures, @ForAll @DoubleRange(max = 1) double random) {
    var times = new RetryTimes(() -> random);
    for (int i = 0; i <= failures; i++) {
      times.failed("a", START);
    }
    var full = Math.min(60_000L, 1_000L << failures);
    var pause = Duration.ofMillis(full).toNanos();

    assertThat(times.isDue("a", START + pause / 2 - 1_000)).isFalse();
    assertThat(times.isDue("a", START + pause)).isTrue();
    assertThat(times.isDue("b", START)).isTrue();
  }

  @Test
  void what_was_never_tried_comes_first_and_then_what_has_been_due_for_longest() {
    var times = new RetryTimes(() -> 0);
    times.failed("late", START + 2);
    times.failed("early", START);
    times.failed("not yet", START + FIRST);

    assertThat(
            times.due(
                List.of("late", "new", "not yet", "early", "newer"),
                name -> name,
                START + 2 + FIRST))
        .containsExactly("new", "newer", "early", "late");
  }

  @Test
  void what_fails_and_is_due_at_once_again_and_again_does_not_keep_the_others_waiting() {
    var times = new RetryTimes(() -> 0);
    times.failed("a", START);
    times.failed("b", START);
    times.endPause("a", START + FIRST + 1);

    assertThat(times.due(List.of("a", "b"), name -> name, START + FIRST + 1))
        .containsExactly("b", "a");
  }

  @Test
  void what_is_to_wait_no_longer_is_due_and_begins_with_the_first_pause_again() {
    var times = new RetryTimes(() -> 0);
    times.failed("a", START);
    times.failed("a", START);
    times.failed("b", START);

    times.endPause("a", START);
    assertThat(times.isDue("a", START)).isTrue();
    times.failed("a", START);
    assertThat(times.isDue("a", START + FIRST)).isTrue();
    assertThat(times.isDue("b", START)).isFalse();
    times.keepOnly(Set.of("c"));
    assertThat(times.isDue("b", START)).isTrue();
  }
}
