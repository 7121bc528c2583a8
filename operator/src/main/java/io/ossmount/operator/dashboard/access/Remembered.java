package io.ossmount.operator.dashboard.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.function.Function;

/**
 * Answers, each for some time, and not more than so many: the ones that were used last. Safe for
 * use by many threads, which may ask for the same twice at the same time.
 */
final class Remembered<K, V> {
  private final int most;
  private final Clock clock;
  private final LinkedHashMap<K, Answer<V>> answers = new LinkedHashMap<>(16, 0.75f, true);

  private record Answer<V>(V value, Instant until) {}

  Remembered(int most, Clock clock) {
    this.most = most;
    this.clock = clock;
  }

  /**
   * The answer that is there, or a new one.
   *
   * @param life how long an answer holds
   */
  V get(K key, Function<K, V> ask, Function<V, Duration> life) {
    synchronized (this) {
      var there = answers.get(key);
      if (there != null && clock.instant().isBefore(there.until())) {
        return there.value();
      }
    }
    var value = ask.apply(key);
    synchronized (this) {
      answers.put(key, new Answer<>(value, clock.instant().plus(life.apply(value))));
      var oldest = answers.entrySet().iterator();
      while (answers.size() > most) {
        oldest.next();
        oldest.remove();
      }
    }
    return value;
  }
}
