package io.ossmount.cache.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.ossmount.cache.fs.MountActivity;
import io.ossmount.cache.fs.Passthrough;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What the sessions of a mount do. */
final class MountMetrics {
  private static final String BYTES = "bytes";

  private final MountActivity mount;
  private final MeterRegistry registry;

  private MountMetrics(MountActivity mount, MeterRegistry registry) {
    this.mount = mount;
    this.registry = registry;
  }

  static void bind(MountActivity mount, MeterRegistry registry) {
    MountMetrics metrics = new MountMetrics(mount, registry);
    metrics.bindSessions();
    metrics.bindOpens();
    metrics.bindWrites();
  }

  private void bindSessions() {
    for (Passthrough state : Passthrough.values()) {
      gauge("ossmount.sessions", m -> m.sessions(state))
          .tag("passthrough", state.name().toLowerCase(Locale.ROOT))
          .description("Sessions, by whether their kernel reads cached files itself")
          .register(registry);
    }
    gauge("ossmount.open.files", MountActivity::openFiles)
        .description("Files that are open")
        .register(registry);
    gauge("ossmount.passthrough.files", MountActivity::backingFiles)
        .description("Files of the cache that kernels may read themselves")
        .register(registry);
  }

  private void bindOpens() {
    opens("passthrough", m -> m.opens().passthrough());
    opens("page_cache", m -> m.opens().cached());
    counter("ossmount.files.ahead", MountActivity::filesAhead)
        .description("Files that were fetched before they were opened")
        .register(registry);
  }

  private void bindWrites() {
    gauge("ossmount.staging.used", MountActivity::stagedBytes)
        .description("Bytes that were written and are not uploaded")
        .baseUnit(BYTES)
        .register(registry);
    gauge("ossmount.staging.capacity", MountActivity::stagingCapacityBytes)
        .description("Most that these may be")
        .baseUnit(BYTES)
        .register(registry);
    gauge("ossmount.background.tasks", MountActivity::backgroundTasks)
        .description("Uploads and saved attributes that nobody waits for, not done yet")
        .register(registry);
    gauge("ossmount.pending.objects", m -> m.pending().objects())
        .description("Files that were acknowledged (write mode Async) and are not in OSS yet")
        .register(registry);
    gauge("ossmount.pending", m -> m.pending().bytes())
        .description("Bytes that were written to these")
        .baseUnit(BYTES)
        .register(registry);
    gauge("ossmount.pending.age", m -> m.pendingAge().toMillis() / 1000.0)
        .description("How long the oldest of these waits")
        .baseUnit("seconds")
        .register(registry);
    counter("ossmount.write.conflicts", m -> m.pending().conflicts())
        .description("Files that somebody else had written as well before they went up")
        .register(registry);
    uploads("done", m -> m.uploads().done());
    uploads("failed", m -> m.uploads().failed());
    uploads("set_aside", m -> m.uploads().setAside());
  }

  private void opens(String mode, ToDoubleFunction<MountActivity> count) {
    counter("ossmount.opens", count)
        .tag("mode", mode)
        .description("Opens of files, by who reads: the kernel itself, or we for its page cache")
        .register(registry);
  }

  private void uploads(String result, ToDoubleFunction<MountActivity> count) {
    counter("ossmount.uploads", count)
        .tag("result", result)
        .description("Uploads of files that were written")
        .register(registry);
  }

  private FunctionCounter.Builder<MountActivity> counter(
      String name, ToDoubleFunction<MountActivity> value) {
    return FunctionCounter.builder(name, mount, value);
  }

  private Gauge.Builder<MountActivity> gauge(String name, ToDoubleFunction<MountActivity> value) {
    return Gauge.builder(name, mount, value);
  }
}
