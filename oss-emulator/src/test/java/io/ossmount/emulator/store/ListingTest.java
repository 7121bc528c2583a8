package io.ossmount.emulator.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;

class ListingTest {
  private final ConcurrentSkipListMap<String, String> index =
      new ConcurrentSkipListMap<>(KeyOrder.INSTANCE);

  private int names(String prefix, String delimiter) {
    Listing<String> page =
        Listing.of(index, new Listing.Request(prefix, delimiter, Position.START, 1000));
    return page.entries().size() + page.prefixes().size();
  }

  @Test
  void aPageOfAHundredThousandKeysTakesMilliseconds() {
    for (int i = 0; i < 100_000; i++) {
      String key = "d%03d/%06d".formatted(i % 1000, i);
      index.put(key, key);
    }
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 50; round++) {
      long started = System.nanoTime();
      assertThat(names("", "/") + names("d5", "")).isEqualTo(2000);
      best = Math.min(best, System.nanoTime() - started);
    }
    assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(10));
  }
}
