package io.ossmount.csi.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentWordsTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final InstantSource source = now::get;
  private final Clock clock = source.withZone(ZoneOffset.UTC);
  private final RecentWords words = new RecentWords(clock);

  @Test
  void theSameIsSaidAgainAfterAWhile() {
    // given
    assertThat(words.isDue("a")).isTrue();
    // then
    assertThat(words.isDue("a")).isFalse();
    assertThat(words.isDue("b")).isTrue();
    // when
    now.set(Instant.EPOCH.plus(RecentWords.AGAIN_AFTER));
    // then
    assertThat(words.isDue("a")).isTrue();
    assertThat(words.isDue("a")).isFalse();
  }

  @Test
  void whatWasNotSaidAfterAllIsDueAgain() {
    // given
    assertThat(words.isDue("a")).isTrue();
    // when
    words.forget("a");
    // then
    assertThat(words.isDue("a")).isTrue();
  }

  @Test
  void theOldestIsForgottenFirst() {
    // given
    IntStream.range(0, RecentWords.MOST + 1).forEach(i -> words.isDue("word " + i));
    // then
    assertThat(words.isDue("word " + RecentWords.MOST)).isFalse();
    assertThat(words.isDue("word 0")).isTrue();
  }
}
