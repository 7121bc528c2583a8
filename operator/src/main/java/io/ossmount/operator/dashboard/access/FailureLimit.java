package io.ossmount.operator.dashboard.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;

/**
 * Refuses who gave too many wrong tokens: {@value #PER_ADDRESS} a minute from one address, {@value
 * #PER_ALL} from all. Safe for use by many threads.
 */
public final class FailureLimit {
  static final int PER_ADDRESS = 10;
  static final int PER_ALL = 200;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MOST_ADDRESSES = 1_000;

  private final Clock clock;
  private final LinkedHashMap<String, Count> addresses = new LinkedHashMap<>(16, 0.75f, true);
  private Count all = new Count(Instant.MIN, 0);

  private record Count(Instant since, int failures) {
    boolean isOpen(Instant now) {
      return !since.equals(Instant.MIN) && now.isBefore(since.plus(WINDOW));
    }

    Count more(Instant now) {
      return isOpen(now) ? new Count(since, failures + 1) : new Count(now, 1);
    }

    boolean reaches(int most, Instant now) {
      return isOpen(now) && failures >= most;
    }
  }

  /** Nobody has failed yet. */
  public FailureLimit(Clock clock) {
    this.clock = clock;
  }

  /** Whether a token from there is not even looked at. */
  public synchronized boolean isReached(String address) {
    var now = clock.instant();
    var count = addresses.get(address);
    return all.reaches(PER_ALL, now) || (count != null && count.reaches(PER_ADDRESS, now));
  }

  /** A wrong token came from there. */
  public synchronized void failed(String address) {
    var now = clock.instant();
    all = all.more(now);
    addresses.merge(address, new Count(now, 1), (before, _) -> before.more(now));
    var oldest = addresses.entrySet().iterator();
    while (addresses.size() > MOST_ADDRESSES) {
      oldest.next();
      oldest.remove();
    }
  }
}
