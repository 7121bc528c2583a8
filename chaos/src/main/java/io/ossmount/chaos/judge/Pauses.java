package io.ossmount.chaos.judge;

import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Times in which nothing ended well. Pure. */
public final class Pauses {
  private Pauses() {}

  /**
   * The longest one of a workload in the window, of which what lies before it is no part; {@link
   * Duration#ZERO}: none was long enough to be told.
   *
   * @param from begin of the window, as {@link System#nanoTime}
   * @param to its end; of a pause that ends later all counts
   * @param lastProgress of the workload: what is between it and the end is a pause as well
   */
  public static Duration longest(
      Collection<Event> events, WorkKind kind, long from, long to, long lastProgress) {
    var longest =
        events.stream()
            .filter(event -> event.kind() == kind)
            .filter(Event.Gap.class::isInstance)
            .map(Event.Gap.class::cast)
            .filter(gap -> gap.to() - from > 0 && to - gap.from() > 0)
            .mapToLong(gap -> gap.to() - later(gap.from(), from))
            .max()
            .orElse(0);
    return Duration.ofNanos(Math.max(longest, to - later(lastProgress, from)));
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }

  /**
   * The value that so many percent do not exceed (nearest rank); zero of none.
   *
   * @param percent over 0, up to 100
   */
  public static Duration percentile(List<Duration> pauses, int percent) {
    if (pauses.isEmpty()) {
      return Duration.ZERO;
    }
    var sorted = pauses.stream().sorted().toList();
    var rank = (int) Math.ceil(percent / 100.0 * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }
}
