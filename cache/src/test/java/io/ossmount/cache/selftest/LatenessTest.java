package io.ossmount.cache.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ossmount.cache.selftest.Lateness.Difference;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenessTest {
  private static final Map<String, Difference> LACKS_A =
      Map.of("a", new Difference(7, "the mount lacks a"));

  private final Clock clock = new Clock();

  /** Goes on when it is waited for. */
  private static final class Clock implements Lateness.Time {
    private Duration now = Duration.ZERO;

    @Override
    public long nanos() {
      return now.toNanos();
    }

    @Override
    public void sleep(Duration time) {
      now = now.plus(time);
    }

    boolean isBefore(int seconds) {
      return now.toSeconds() < seconds;
    }
  }

  private static Lateness lateness(int mostSeconds, int waitSeconds) {
    return new Lateness(Duration.ofSeconds(mostSeconds), Duration.ofSeconds(waitSeconds));
  }

  @Test
  void whatIsEqualIsNotWaitedFor() throws Exception {
    assertThat(lateness(60, 60).settle(Map::of, clock)).isZero();
    assertThat(clock.now).isZero();
  }

  @Test
  void aMountThatIsLateIsFine() throws Exception {
    assertThat(lateness(600, 600).settle(() -> clock.isBefore(590) ? LACKS_A : Map.of(), clock))
        .isZero();
    assertThat(clock.now).hasSeconds(590);
  }

  @Test
  void aDifferenceThatLastsLongerThanTheMountMayBeLateCounts() {
    assertThatExceptionOfType(Check.CheckFailed.class)
        .isThrownBy(() -> lateness(600, 900).settle(() -> LACKS_A, clock))
        .withMessage("the mount lacks a");
    assertThat(clock.now).hasSeconds(600);
  }

  @Test
  void withoutLatenessADifferenceCountsAtOnce() {
    assertThatExceptionOfType(Check.CheckFailed.class)
        .isThrownBy(() -> lateness(0, 0).settle(() -> LACKS_A, clock));
    assertThat(clock.now).isZero();
  }

  @Test
  void aBucketThatIsWrittenToAllTheTimeIsNoFailure() throws Exception {
    // given: each look finds a new object, which the mount shows 60 s late
    int young =
        lateness(60, 60)
            .settle(() -> Map.of("n" + clock.now, new Difference(1, "the mount lacks one")), clock);

    // then
    assertThat(young).isOne();
    assertThat(clock.now).hasSeconds(60);
  }

  @Test
  void anObjectThatIsReplacedAllTheTimeIsNoFailure() throws Exception {
    assertThat(
            lateness(60, 60)
                .settle(() -> Map.of("a", new Difference(clock.now, "other bytes")), clock))
        .isOne();
  }

  @Test
  void amongChangingOnesTheOneThatStaysIsFound() {
    assertThatExceptionOfType(Check.CheckFailed.class)
        .isThrownBy(() ->
            lateness(60, 60)
                .settle(
                    () ->
                        Map.of(
                            "a", new Difference(7, "the mount lacks a"),
                            "b", new Difference(clock.now, "other bytes")),
                    clock))
        .withMessage("the mount lacks a");
  }

  @Test
  void whatCannotBeWaitedForIsNotDecided() {
    assertThatExceptionOfType(Check.NotApplicable.class)
        .isThrownBy(() -> lateness(605, 120).settle(() -> LACKS_A, clock))
        .withMessage(
            "not decided within 120 s, as the mount may show for 605 s what was before"
                + " (spec.metadataCache); give the test a longer timeout: the mount lacks a");
    assertThat(clock.now).hasSeconds(120);
  }
}
