package io.ossmount.cache.block;

import io.ossmount.cache.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs fetches, a bounded number at a time, each on a virtual thread that nobody interrupts.
 * Thread-safe.
 */
final class Fetching {
  /** GETs under way; each has a chunk of 128 KiB in memory. */
  static final int MOST = 64;

  private static final Logger log = LoggerFactory.getLogger(Fetching.class);

  private final ObjectStore store;
  private final Space space;
  private final Counters counters;
  private final Semaphore gets = new Semaphore(MOST);
  private final AheadBudget ahead;

  Fetching(ObjectStore store, Space space, Counters counters, AheadBudget ahead) {
    this.ahead = ahead;
    this.store = store;
    this.space = space;
    this.counters = counters;
  }

  /** Asks to fetch ahead; when it may, the fetch is to be started with {@code isAhead}. */
  boolean tryAhead(int blocks) {
    return ahead.tryTake((long) blocks * Blocks.SIZE);
  }

  /** What was asked for with {@link #tryAhead} is not needed. */
  void notAhead(int blocks) {
    ahead.giveBack((long) blocks * Blocks.SIZE);
  }

  /** GETs under way. */
  int underWay() {
    return MOST - gets.availablePermits();
  }

  /** Runs the fetch; the version is told when it has ended. */
  void start(OpenVersion version, Fetch fetch, boolean isAhead) {
    Thread.ofVirtual()
        .name("fetch")
        .start(() -> {
          gets.acquireUninterruptibly();
          Optional<Long> crc64 = Optional.empty();
          try {
            crc64 = run(version, fetch, isAhead);
          } finally {
            gets.release();
            if (isAhead) {
              notAhead(fetch.count());
            }
            version.ended(fetch, crc64);
          }
        });
  }

  private Optional<Long> run(OpenVersion version, Fetch fetch, boolean isAhead) {
    try {
      return fetch.run(store, version::isWanted, bytes -> arrived(bytes, isAhead));
    } catch (IOException e) {
      log.warn("the cache's disk failed; going on without it for a while", e);
      space.suspend();
      return Optional.empty();
    }
  }

  private void arrived(long bytes, boolean isAhead) {
    counters.fetched().add(bytes);
    if (isAhead) {
      counters.readAhead().add(bytes);
    }
  }
}
