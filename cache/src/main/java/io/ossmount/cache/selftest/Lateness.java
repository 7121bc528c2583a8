package io.ossmount.cache.selftest;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells what a mount does not show from what it does not show yet.
 *
 * <p>Problem: others write while the test runs, and a mount may show the bucket of some minutes ago
 * for as long as its time-outs say. Solution: a difference counts when it has lasted longer than
 * that while the bucket had the same; one that is younger than the time that was waited is left
 * out, so that a bucket that is written to all the time can be compared as well.
 *
 * @param most how long the mount may show what the bucket had before
 * @param patience how long that is waited for at most; when it is less, a difference decides
 *     nothing
 */
public record Lateness(Duration most, Duration patience) {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** The clock of a wait, so that its tests do not wait. */
  interface Time {
    long nanos();

    void sleep(Duration time) throws InterruptedException;
  }

  /** That of the computer. */
  static final Time TIME =
      new Time() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
          Thread.sleep(time);
        }
      };

  /**
   * Something that the mount shows otherwise.
   *
   * @param stored what the bucket has: as long as it is equal, the difference is the same
   * @param words what differs
   */
  record Difference(Object stored, String words) {}

  /** Compares the mount with the bucket. */
  interface Look {
    /** What differs now, by name. */
    Map<String, Difference> differences() throws Exception;
  }

  private record Seen(Difference difference, long since) {}

  /** As {@link #settle(Look, Time)}, in real time. */
  int settle(Look look) throws Exception {
    return settle(look, TIME);
  }

  /**
   * Looks until nothing differs, or what does can be judged.
   *
   * @return how many differences are too young to count
   * @throws Check.CheckFailed one has lasted too long
   * @throws Check.NotApplicable what differs would have to be waited for longer than {@link
   *     #patience}
   */
  int settle(Look look, Time time) throws Exception {
    Map<String, Seen> seen = Map.of();
    long start = time.nanos();
    while (true) {
      // Before the look: what it finds is not older, and what the mount shows not younger.
      long now = time.nanos();
      Map<String, Difference> differences = look.differences();
      if (differences.isEmpty()) {
        return 0;
      }
      seen = still(seen, differences, now);
      for (Seen each : seen.values()) {
        Check.that(isLess(now - each.since(), most), "%s", each.difference().words());
      }
      if (!isLess(now - start, most)) {
        return differences.size();
      }
      if (!isLess(now - start, patience)) {
        throw new Check.NotApplicable(undecided(differences.values().iterator().next()));
      }
      time.sleep(PAUSE);
    }
  }

  private static boolean isLess(long nanos, Duration time) {
    return Duration.ofNanos(nanos).compareTo(time) < 0;
  }

  private static Map<String, Seen> still(
      Map<String, Seen> before, Map<String, Difference> differences, long now) {
    Map<String, Seen> still = new HashMap<>();
    differences.forEach((name, difference) -> {
      Seen known = before.get(name);
      long since =
          known != null && known.difference().stored().equals(difference.stored())
              ? known.since()
              : now;
      still.put(name, new Seen(difference, since));
    });
    return still;
  }

  private String undecided(Difference difference) {
    return ("not decided within %d s, as the mount may show for %d s what was before"
            + " (spec.metadataCache); give the test a longer timeout: %s")
        .formatted(patience.toSeconds(), most.toSeconds(), difference.words());
  }
}
