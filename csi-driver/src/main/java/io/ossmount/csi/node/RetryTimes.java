package io.ossmount.csi.node;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * When what did not succeed is tried again: after a second, then twice as long each time up to a
 * minute, less a random part, so that not all come at once. Not thread-safe; the time is an
 * argument, in nanoseconds.
 */
final class RetryTimes {
  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofMinutes(1);

  private final DoubleSupplier random;
  private final Map<String, Next> next = new HashMap<>();

  private record Next(Duration pause, long at) {}

  /**
   * Nothing has failed yet.
   *
   * @param random numbers from 0 to 1
   */
  RetryTimes(DoubleSupplier random) {
    this.random = random;
  }

  /** Whether it may be tried now. */
  boolean isDue(String name, long now) {
    var known = next.get(name);
    return known == null || now - known.at() >= 0;
  }

  /**
   * Those that may be tried now, in the order in which they should be, as there may not be room for
   * all: what was never tried, in the order given; then what has been due for longest. So nothing
   * that fails again and again keeps others from their turn.
   */
  <T> List<T> due(Collection<T> all, Function<T, String> name, long now) {
    return all.stream()
        .filter(each -> isDue(name.apply(each), now))
        .sorted(Comparator.<T>comparingLong(each -> dueFor(name.apply(each), now)).reversed())
        .toList();
  }

  /** In nanoseconds. */
  private long dueFor(String name, long now) {
    var known = next.get(name);
    return known == null ? Long.MAX_VALUE : now - known.at();
  }

  /** It was tried, without success. */
  void failed(String name, long now) {
    var known = next.get(name);
    var pause = known == null || known.pause().isZero() ? FIRST : known.pause().multipliedBy(2);
    pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    var shortened = (long) (pause.toNanos() * (1 - random.getAsDouble() / 2));
    next.put(name, new Next(pause, now + shortened));
  }

  /** It may be tried at once, after those that are due already, and as if it had not failed. */
  void endPause(String name, long now) {
    next.computeIfPresent(name, (_, _) -> new Next(Duration.ZERO, now));
  }

  /** Forgets all but these. */
  void keepOnly(Set<String> names) {
    next.keySet().retainAll(names);
  }
}
