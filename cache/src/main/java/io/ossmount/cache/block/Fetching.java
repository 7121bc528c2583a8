package io.ossmount.cache.block;

import io.ossmount.cache.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs fetches, a bounded number at a time. Thread-safe. */
final class Fetching {
  /** GETs under way; each has a chunk in memory. */
  static final int MOST = 64;

  /** Bytes that are taken from the network and written to the disk at a time. */
  private static final int CHUNK_BYTES = 128 << 10;

  private static final Logger log = LoggerFactory.getLogger(Fetching.class);

  private final ObjectStore store;
  private final Space space;
  private final Counters counters;
  private final Semaphore gets = new Semaphore(MOST);
  private final AheadBudget ahead;

  /** Chunks that are not in use, at most {@link #MOST}; the last one used first: it is warm. */
  private final Deque<ByteBuffer> chunks = new ConcurrentLinkedDeque<>();

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

  /** Runs the fetch on a virtual thread that nobody interrupts. */
  void start(OpenVersion version, Fetch fetch, boolean isAhead) {
    Thread.ofVirtual()
        .name("fetch")
        .start(() -> {
          try {
            run(version, fetch);
          } finally {
            if (isAhead) {
              notAhead(fetch.count());
            }
          }
        });
  }

  /** Runs the fetch here, and tells the version when it has ended. */
  void run(OpenVersion version, Fetch fetch) {
    Optional<Long> crc64 = Optional.empty();
    gets.acquireUninterruptibly();
    ByteBuffer pooled = chunks.pollFirst();
    ByteBuffer chunk = pooled == null ? ByteBuffer.allocate(CHUNK_BYTES) : pooled;
    try {
      crc64 = fetch.run(store, chunk, version::isWanted, counters.fetched()::add);
    } catch (IOException e) {
      log.warn("the cache's disk failed; going on without it for a while", e);
      space.suspend();
    } finally {
      chunks.addFirst(chunk);
      gets.release();
      version.ended(fetch, crc64);
    }
  }
}
