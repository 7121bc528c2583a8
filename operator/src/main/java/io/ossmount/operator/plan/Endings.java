package io.ossmount.operator.plan;

import io.ossmount.operator.observe.Memory;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a pod that has ended is replaced: the first of a node at once, since applications wait for
 * the next; then ever later, so that a node that refuses its pods is not asked without end.
 */
final class Endings {
  static final Duration FIRST_WAIT = Duration.ofSeconds(10);
  static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);
  private static final int MAX_DOUBLINGS = 5;

  private Endings() {}

  /** When the next may be replaced. */
  static Instant due(Memory.@Nullable Endings before, Instant now) {
    return before == null || isForgotten(before, now)
        ? now
        : before
            .last()
            .plus(FIRST_WAIT.multipliedBy(1L << Math.min(before.count() - 1, MAX_DOUBLINGS)));
  }

  /** What to remember when one is replaced. */
  static Memory.Endings replaced(Memory.@Nullable Endings before, Instant now) {
    int count = before == null || isForgotten(before, now) ? 0 : before.count();
    return new Memory.Endings(count + 1, now);
  }

  static boolean isForgotten(Memory.Endings before, Instant now) {
    return !before.last().plus(FORGOTTEN_AFTER).isAfter(now);
  }
}
