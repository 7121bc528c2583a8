package io.ossmount.cache.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.protocol.Opcode;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FuseMetricsTest {
  private static final int MANY = 200_000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final FuseMetrics fuse = new FuseMetrics(registry);

  private List<String> shown(String beginning) {
    return registry.scrape().lines().filter(line -> line.startsWith(beginning)).toList();
  }

  @Test
  void an_operation_is_shown_once_it_has_come() {
    assertThat(shown("ossmount_fuse")).isEmpty();

    fuse.handled(Opcode.READ, 0, 300_000);

    assertThat(shown("ossmount_fuse_request_seconds_bucket"))
        .hasSize(11)
        .allMatch(line -> line.contains("opcode=\"READ\""))
        .anyMatch(line -> line.contains("le=\"1.0E-4\"} 0"))
        .anyMatch(line -> line.contains("le=\"5.0E-4\"} 1"));
    assertThat(shown("ossmount_fuse_request_seconds_sum"))
        .singleElement()
        .asString()
        .endsWith(" 3.0E-4");
    assertThat(shown("ossmount_fuse_errors")).isEmpty();
  }

  @Test
  void errors_have_their_names() {
    fuse.handled(Opcode.LOOKUP, Errno.ENOENT.number(), 1);
    fuse.handled(Opcode.LOOKUP, Errno.ENOENT.number(), 1);
    fuse.handled(null, Errno.ENOSYS.number(), 1);
    fuse.handled(Opcode.READ, 4711, 1);

    assertThat(shown("ossmount_fuse_errors_total"))
        .containsExactlyInAnyOrder(
            "ossmount_fuse_errors_total{errno=\"ENOENT\",opcode=\"LOOKUP\"} 2.0",
            "ossmount_fuse_errors_total{errno=\"ENOSYS\",opcode=\"OTHER\"} 1.0",
            "ossmount_fuse_errors_total{errno=\"OTHER\",opcode=\"READ\"} 1.0");
  }

  @Test
  void counting_makes_no_garbage() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    count();

    long before = threads.getCurrentThreadAllocatedBytes();
    count();
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).as("bytes for %d requests", MANY).isLessThan(MANY / 10);
  }

  private void count() {
    for (int i = 0; i < MANY; i++) {
      fuse.handled(Opcode.READ, i % 2 == 0 ? 0 : Errno.EIO.number(), i);
    }
  }
}
