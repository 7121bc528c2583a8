package io.ossmount.cache.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.StoreObserver.Operation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StoreMetricsTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final StoreMetrics store = new StoreMetrics(registry);

  private List<String> shown(String beginning) {
    return registry.scrape().lines().filter(line -> line.startsWith(beginning)).toList();
  }

  @Test
  void requests_are_shown_by_operation_and_what_came_of_them() {
    store.ended(Operation.GET, Optional.empty(), 2_000_000);
    store.ended(Operation.GET, Optional.of(new StoreException.Unavailable("busy")), 1);
    store.ended(Operation.PUT, Optional.of(new IllegalStateException("a bug")), 1);

    assertThat(shown("ossmount_store_request_seconds_count"))
        .containsExactlyInAnyOrder(
            "ossmount_store_request_seconds_count{operation=\"GET\",outcome=\"ok\"} 1",
            "ossmount_store_request_seconds_count{operation=\"GET\",outcome=\"unavailable\"} 1",
            "ossmount_store_request_seconds_count{operation=\"PUT\",outcome=\"error\"} 1");
    assertThat(shown("ossmount_store_request_seconds_bucket")).hasSize(3 * 11);
  }

  @Test
  void what_failed_for_good_is_shown_beside_what_was_tried_again() {
    store.failed(new StoreException.VersionChanged("replaced"));

    assertThat(shown("ossmount_store_failures_total"))
        .hasSize(9)
        .contains("ossmount_store_failures_total{outcome=\"version_changed\"} 1.0")
        .contains("ossmount_store_failures_total{outcome=\"unavailable\"} 0.0");
  }
}
