package io.ossmount.cache.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RestartLimitTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void theFifthEndWithinAMinuteIsOneTooMany() {
    // given
    var limit = new RestartLimit();
    // when
    var reached = List.of(0L, 15L, 30L, 45L, 60L).stream().map(s -> limit.isReached(s * SECOND));
    // then
    assertThat(reached).containsExactly(false, false, false, false, true);
  }

  @Test
  void fiveInALittleMoreThanAMinuteAreNot() {
    // given
    var limit = new RestartLimit();
    // when
    var reached = List.of(0L, 15L, 30L, 45L, 61L).stream().map(s -> limit.isReached(s * SECOND));
    // then
    assertThat(reached).containsOnly(false);
  }

  /** Whatever {@link System#nanoTime} begins with, which may be near its end. */
  @Property
  void itIsReachedExactlyWhenFiveAreWithinAMinute(
      @ForAll long start,
      @ForAll @Size(max = 30) List<@IntRange(min = 0, max = 40) Integer> pauses) {
    // given
    var limit = new RestartLimit();
    var ends = new ArrayList<Long>();
    long elapsed = 0;
    for (int pause : pauses) {
      elapsed += pause * SECOND;
      ends.add(elapsed);
      var from = elapsed - 60 * SECOND;
      // when
      var isReached = limit.isReached(start + elapsed);
      // then
      assertThat(isReached).isEqualTo(ends.stream().filter(end -> end >= from).count() >= 5);
    }
  }
}
