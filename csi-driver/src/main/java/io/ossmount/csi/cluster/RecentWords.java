package io.ossmount.csi.cluster;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was said within the last minutes and need not be said again. Bounded. Thread-safe. */
final class RecentWords {
  static final Duration AGAIN_AFTER = Duration.ofMinutes(5);
  static final int MOST = 4_096;

  private final Clock clock;

  /** By digest; the one that was said longest ago comes first. */
  private final Map<String, Instant> said = new LinkedHashMap<>();

  RecentWords(Clock clock) {
    this.clock = clock;
  }

  /** Whether it has to be said now; then it counts as said. */
  synchronized boolean isDue(String id) {
    var now = clock.instant();
    var last = said.get(id);
    if (last != null && last.plus(AGAIN_AFTER).isAfter(now)) {
      return false;
    }
    said.remove(id);
    said.put(id, now);
    if (said.size() > MOST) {
      said.remove(said.keySet().iterator().next());
    }
    return true;
  }

  /** It was not said after all. */
  synchronized void forget(String id) {
    said.remove(id);
  }
}
