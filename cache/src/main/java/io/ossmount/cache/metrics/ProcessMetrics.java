package io.ossmount.cache.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.ossmount.cache.supervise.Supervised;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The process and its JVM, under the names that dashboards know. Micrometer's own binders, but for
 * what they do not have (resident memory), have with an odd unit (processor time), or learn from
 * listeners that miss what was before (collections).
 */
final class ProcessMetrics {
  /** Looks at all threads for each of their states. */
  static final MeterFilter FILTER = MeterFilter.denyNameStartsWith("jvm.threads.states");

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final int KIBIBYTE = 1024;

  private ProcessMetrics() {}

  static void bind(MeterRegistry registry) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    bindCollectors(registry);
    bindProcess(registry);
    bindSupervision(registry);
  }

  private static void bindCollectors(MeterRegistry registry) {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      FunctionTimer.builder(
              "jvm.gc.collection",
              collector,
              GarbageCollectorMXBean::getCollectionCount,
              GarbageCollectorMXBean::getCollectionTime,
              TimeUnit.MILLISECONDS)
          .tag("gc", collector.getName())
          .description("Collections of garbage, and the time that they took")
          .register(registry);
    }
  }

  private static void bindSupervision(MeterRegistry registry) {
    int restarts = Supervised.ofThisProcess().restarts();
    FunctionCounter.builder("ossmount.server.restarts", restarts, Integer::doubleValue)
        .description("How often the supervisor had to start the server again")
        .register(registry);
  }

  private static void bindProcess(MeterRegistry registry) {
    Gauge.builder("process.resident.memory", ProcessMetrics::residentBytes)
        .description("Memory of the machine that the process has")
        .baseUnit("bytes")
        .register(registry);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      FunctionCounter.builder(
              "process.cpu",
              system,
              bean -> (double) bean.getProcessCpuTime() / TimeUnit.SECONDS.toNanos(1))
          .description("Time of processors that the process has used")
          .baseUnit("seconds")
          .register(registry);
    }
  }

  /** In KiB in a line of the file; NaN where there is none. */
  private static double residentBytes() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(RESIDENT))
          .map(line -> line.substring(RESIDENT.length()).replace("kB", "").strip())
          .mapToDouble(kibibytes -> Double.parseDouble(kibibytes) * KIBIBYTE)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
