package io.ossmount.cache.control;

import io.ossmount.cache.store.StoreObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Counts the single requests to the store, for the operator, and passes each on. Thread-safe; never
 * waits.
 */
public final class StoreTraffic implements StoreObserver {
  /** Latencies are told by powers of two: at most 1, 2, 4 ... 32,768 ms, and longer. */
  static final int LATENCIES = 17;

  private final StoreObserver next;
  private final LongAdder requests = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final AtomicLongArray latencies = new AtomicLongArray(LATENCIES);

  /**
   * What was counted since start.
   *
   * @param requests that are over
   * @param nanos until the store began to answer, of all together
   * @param latencies how many requests took so long, see {@link #LATENCIES}
   * @param sentBytes of objects that the store took
   */
  public record Counts(
      long requests, long failures, long nanos, List<Long> latencies, long sentBytes) {}

  /** Counts, and tells {@code next}. */
  public StoreTraffic(StoreObserver next) {
    this.next = next;
  }

  /** What was counted so far. */
  public Counts counts() {
    List<Long> histogram = IntStream.range(0, LATENCIES).mapToObj(latencies::get).toList();
    return new Counts(requests.sum(), failures.sum(), nanos.sum(), histogram, sent.sum());
  }

  @Override
  public void ended(Operation operation, Optional<RuntimeException> failure, long taken) {
    next.ended(operation, failure, taken);
    // How long a body takes is a matter of its size.
    if (operation != Operation.GET_BODY) {
      requests.increment();
      nanos.add(taken);
      latencies.incrementAndGet(bucket(taken));
    }
    if (failure.isPresent()) {
      failures.increment();
    }
  }

  @Override
  public void received(long bytes) {
    next.received(bytes);
  }

  @Override
  public void sent(long bytes) {
    next.sent(bytes);
    sent.add(bytes);
  }

  /** The first power of two milliseconds that is not less. */
  static int bucket(long nanos) {
    long millis = (Math.max(0, nanos) + 999_999) / TimeUnit.MILLISECONDS.toNanos(1);
    int bucket = millis <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(millis - 1);
    return Math.min(LATENCIES - 1, bucket);
  }
}
