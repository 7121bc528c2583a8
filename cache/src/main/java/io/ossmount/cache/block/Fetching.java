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
  private static final Logger log = LoggerFactory.getLogger(Fetching.class);

  private final ObjectStore store;
  private final Space space;
  private final Counters counters;
  private final Semaphore gets;
  private final AheadBudget ahead;

  /** Has at most {@code gets} GETs under way; each has a chunk of 128 KiB in memory. */
  Fetching(ObjectStore store, Space space, Counters counters, AheadBudget ahead, int gets) {
    this.gets = new Semaphore(gets);
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

  /** Runs the fetch; the version is told when it has ended. */
  void start(OpenVersion version, Fetch fetch, boolean isAhead) {
    Thread.ofVirtual()
        .name("fetch")
        .start(() -> {
          gets.acquireUninterruptibly();
          Optional<Long> crc64 = Optional.empty();
          try {
            crc64 = run(version, fetch);
          } finally {
            gets.release();
            if (isAhead) {
              notAhead(fetch.count());
            }
            version.ended(fetch, crc64);
          }
        });
  }

  private Optional<Long> run(OpenVersion version, Fetch fetch) {
    try {
      return fetch.run(store, version::isWanted, counters.fetched()::add);
    } catch (IOException e) {
      log.warn("the cache's disk failed; going on without it for a while", e);
      space.suspend();
      return Optional.empty();
    }
  }
}
