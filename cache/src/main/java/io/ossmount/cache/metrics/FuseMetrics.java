package io.ossmount.cache.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.protocol.Opcode;
import io.ossmount.fuse.server.RequestObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Latencies and errors of the kernel's requests. An operation is shown once it has come, so that
 * there are as many series as are used; after that, counting it takes no lock and makes no garbage.
 * Thread-safe.
 */
final class FuseMetrics implements RequestObserver {
  /** A cached attribute takes 10 to 50 us, a wake-up 100; who waits for OSS begins at some ms. */
  private static final Duration[] BOUNDS = {
    Duration.ofNanos(20_000),
    Duration.ofNanos(100_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(2),
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private static final String OTHER = "OTHER";

  /** Numbers of operations are less; 0 is none, and stands for those that are not understood. */
  private static final int OPCODES = 64;

  /** Above the largest errno of Linux. */
  private static final int ERRNOS = 134;

  private final MeterRegistry registry;
  private final AtomicReferenceArray<@Nullable Operation> operations =
      new AtomicReferenceArray<>(OPCODES);

  /** One that has come. */
  private static final class Operation {
    private final String name;
    private final Timer timer;
    private final AtomicReferenceArray<@Nullable Counter> errors =
        new AtomicReferenceArray<>(ERRNOS);

    Operation(String name, Timer timer) {
      this.name = name;
      this.timer = timer;
    }
  }

  FuseMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void handled(@Nullable Opcode opcode, int errno, long nanos) {
    int code = opcode == null ? 0 : opcode.code();
    Operation operation = operations.get(code);
    if (operation == null) {
      operation = operation(opcode == null ? OTHER : opcode.name());
      operations.set(code, operation);
    }
    operation.timer.record(nanos, TimeUnit.NANOSECONDS);
    if (errno != 0) {
      failed(operation, Math.clamp(errno, 1, ERRNOS - 1));
    }
  }

  private void failed(Operation operation, int errno) {
    Counter counter = operation.errors.get(errno);
    if (counter == null) {
      counter = counter(operation.name, errno);
      operation.errors.set(errno, counter);
    }
    counter.increment();
  }

  /** The registry has one timer for each name: who comes second gets that of the first. */
  private Operation operation(String name) {
    return new Operation(
        name,
        Timer.builder("ossmount.fuse.request")
            .description(
                "Requests of the kernel, from when they were read to when they were answered")
            .tag("opcode", name)
            .serviceLevelObjectives(BOUNDS)
            .register(registry));
  }

  private Counter counter(String opcode, int errno) {
    return Counter.builder("ossmount.fuse.errors")
        .description("Requests of the kernel that were answered with an error")
        .tag("opcode", opcode)
        .tag("errno", name(errno))
        .register(registry);
  }

  private static String name(int errno) {
    for (Errno known : Errno.values()) {
      if (known.number() == errno) {
        return known.name();
      }
    }
    return OTHER;
  }
}
