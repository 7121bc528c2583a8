package io.ossmount.operator.dashboard.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ossmount.operator.control.PodAddress;
import io.ossmount.operator.control.PodTraffic;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class HistoryProperties {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final PodAddress POD = new PodAddress("pod", "container", "10.0.0.1", "name");

  private final History history = new History();

  @Property
  void whatIsCountedIsShownOnceHoweverUnsteadyThePolls(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 50_000) Integer> pauses,
      @ForAll @IntRange(max = 1_000_000) int each) {
    // given
    var fresh = new History();
    var now = START;
    long hits = 5_000;
    fresh.told("m", POD, now, traffic(hits, 0));

    // when
    for (int pause : pauses) {
      now = now.plusMillis(pause);
      hits += each;
      fresh.told("m", POD, now, traffic(hits, 0));
    }

    // then
    double counted = (double) each * pauses.size();
    double shown =
        fresh.of("m", now.plusSeconds(120), MINUTE).stream()
            .mapToDouble(sample -> sample.hit() * MINUTE.toSeconds())
            .sum();
    assertThat(shown).isCloseTo(counted, within(1 + counted * 1e-5));
  }

  @Property
  void nothingIsEverLessThanNothing(
      @ForAll @Size(max = 40) List<@IntRange(max = 1_000) Integer> counters,
      @ForAll @Size(max = 40) List<@IntRange(min = -5_000, max = 20_000) Integer> pauses) {
    var fresh = new History();
    var now = START;
    for (int i = 0; i < Math.min(counters.size(), pauses.size()); i++) {
      now = now.plusMillis(pauses.get(i));
      fresh.told("m", POD, now, traffic(counters.get(i), counters.get(i)));
    }
    assertThat(fresh.of("m", now.plusSeconds(60), MINUTE))
        .hasSize(60)
        .allMatch(sample -> sample.hit() >= 0 && sample.miss() >= 0);
  }

  @Example
  void aRateIsEvenBetweenTwoAnswers() {
    history.told("m", POD, START, traffic(0, 0));
    history.told("m", POD, START.plusSeconds(300), traffic(30_000, 10_000));

    var samples = history.of("m", START.plusSeconds(320), MINUTE);

    assertThat(samples).hasSize(60);
    assertThat(samples.getLast().start()).isEqualTo(START.plusSeconds(240));
    assertThat(samples.getLast().hit()).isCloseTo(100, within(0.1));
    assertThat(samples.getLast().hitRatio().orElseThrow()).isCloseTo(0.75, within(0.001));
    assertThat(samples.get(54).hit()).isZero();
    assertThat(samples.get(54).hitRatio()).isEqualTo(OptionalDouble.empty());
  }

  @Example
  void afterARestartTheCountBeginsAnew() {
    history.told("m", POD, START, traffic(1_000_000, 0));
    history.told("m", POD, START.plusSeconds(60), traffic(600, 0));

    assertThat(history.of("m", START.plusSeconds(80), MINUTE).getLast().hit())
        .isCloseTo(10, within(0.01));
  }

  @Example
  void podsOfAMountAreSummed() {
    var other = new PodAddress("other", "container", "10.0.0.2", "name");
    for (var pod : List.of(POD, other)) {
      history.told("m", pod, START, traffic(0, 0));
      history.told("m", pod, START.plusSeconds(60), traffic(600, 0));
    }
    assertThat(history.of("m", START.plusSeconds(80), MINUTE).getLast().hit())
        .isCloseTo(20, within(0.01));
  }

  @Example
  void latenciesAreTakenFromTheBuckets() {
    // given: 98 requests of at most 1 ms, 2 of at most 128 ms
    history.told("m", POD, START, latencies(0, 0));
    history.told("m", POD, START.plusSeconds(60), latencies(98, 2));

    // when
    var sample = history.of("m", START.plusSeconds(80), MINUTE).getLast();

    // then
    assertThat(sample.p99Millis().orElseThrow()).isBetween(64.0, 128.0);
    assertThat(sample.meanMillis().orElseThrow()).isCloseTo(3.0, within(0.01));
  }

  @Example
  void aMountIsKnownSinceItsFirstPodAnswered() {
    assertThat(history.since("m")).isEmpty();
    history.told("m", POD, START, traffic(0, 0));
    history.told("m", POD, START.plusSeconds(60), traffic(600, 0));
    assertThat(history.since("m")).hasValue(START);
    history.forgotten("m");
    assertThat(history.since("m")).isEmpty();
  }

  @Example
  void whatIsForgottenIsGone() {
    history.told("m", POD, START, traffic(0, 0));
    history.told("m", POD, START.plusSeconds(60), traffic(600, 0));
    history.forgotten("m");
    assertThat(history.of("m", START.plusSeconds(80), MINUTE)).allMatch(s -> s.hit() == 0);
  }

  @Example
  void uploadsOfAPodThatIsSilentAreNotShown() {
    var running = new PodTraffic.Uploads(1, 10, 5, List.of(new PodTraffic.Upload("a", 10, 5)));
    history.told("m", POD, START, new PodTraffic(0, 0, 0, 0, 0, 0, 0, 0, List.of(), running));
    assertThat(history.uploads("m", START.plusSeconds(10)).first()).hasSize(1);
    assertThat(history.uploads("m", START.plusSeconds(100)).count()).isZero();
  }

  private static PodTraffic traffic(long hits, long misses) {
    return new PodTraffic(hits, misses, 0, 0, 0, 0, 0, 0, List.of(), PodTraffic.Uploads.NONE);
  }

  private static PodTraffic latencies(long fast, long slow) {
    var buckets = new java.util.ArrayList<>(Collections.nCopies(17, 0L));
    buckets.set(0, fast);
    buckets.set(7, slow);
    long all = fast + slow;
    return new PodTraffic(0, 0, 0, 0, 0, all, 0, all * 3_000_000, buckets, PodTraffic.Uploads.NONE);
  }
}
