package io.ossmount.cache.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.StoreObserver;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Latencies and results of the single requests to the store; an operation is shown once it was
 * asked for. Thread-safe.
 */
final class StoreMetrics implements StoreObserver {
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;
  private final Map<Series, Timer> timers = new ConcurrentHashMap<>();
  private final Map<Outcome, Counter> failures = new EnumMap<>(Outcome.class);
  private final Counter received;
  private final Counter sent;

  private record Series(Operation operation, Outcome outcome) {}

  StoreMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.received =
        Counter.builder("ossmount.store.received")
            .description("Bytes of objects that came from OSS")
            .baseUnit("bytes")
            .register(registry);
    this.sent =
        Counter.builder("ossmount.store.sent")
            .description("Bytes of objects that OSS took")
            .baseUnit("bytes")
            .register(registry);
    for (Outcome outcome : Outcome.values()) {
      if (outcome != Outcome.OK && outcome != Outcome.ERROR) {
        failures.put(outcome, failures(outcome));
      }
    }
  }

  @Override
  public void ended(Operation operation, Optional<RuntimeException> failure, long nanos) {
    Outcome outcome = failure.map(Outcome::of).orElse(Outcome.OK);
    timers
        .computeIfAbsent(new Series(operation, outcome), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void received(long bytes) {
    received.increment((double) bytes);
  }

  @Override
  public void sent(long bytes) {
    sent.increment((double) bytes);
  }

  /** A call has failed for good. */
  void failed(StoreException failure) {
    Counter counter = failures.get(Outcome.of(failure));
    if (counter != null) {
      counter.increment();
    }
  }

  private Timer timer(Series series) {
    return Timer.builder("ossmount.store.request")
        .description("Single requests to OSS; one that is repeated counts each time")
        .tag("operation", series.operation.name())
        .tag("outcome", series.outcome.label())
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }

  private Counter failures(Outcome outcome) {
    return Counter.builder("ossmount.store.failures")
        .description("Calls of OSS that failed with all retries")
        .tag("outcome", outcome.label())
        .register(registry);
  }
}
