package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class RetryTimesTest {
  /** So that the clock passes the end of its range. */
  private static final long START = Long.MAX_VALUE - 5;

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
  void what_is_forgotten_is_due() {
    var times = new RetryTimes(() -> 0);
    times.failed("a", START);
    times.failed("b", START);

    times.forget("a");
    assertThat(times.isDue("a", START)).isTrue();
    times.keepOnly(Set.of("c"));
    assertThat(times.isDue("b", START)).isTrue();
  }
}
