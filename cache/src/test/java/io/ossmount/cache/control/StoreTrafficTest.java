package io.ossmount.cache.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.StoreObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreTrafficTest {
  private final List<String> passedOn = new ArrayList<>();
  private final StoreTraffic traffic =
      new StoreTraffic(
          new StoreObserver() {
            @Override
            public void ended(Operation operation, Optional<RuntimeException> failure, long nanos) {
              passedOn.add(operation + " " + nanos);
            }

            @Override
            public void received(long bytes) {
              passedOn.add("received " + bytes);
            }

            @Override
            public void sent(long bytes) {
              passedOn.add("sent " + bytes);
            }
          });

  @Test
  void latencies_are_counted_by_powers_of_two() {
    assertThat(StoreTraffic.bucket(0)).isZero();
    assertThat(StoreTraffic.bucket(1_000_000)).isZero();
    assertThat(StoreTraffic.bucket(1_000_001)).isEqualTo(1);
    assertThat(StoreTraffic.bucket(2_000_000)).isEqualTo(1);
    assertThat(StoreTraffic.bucket(3_000_000)).isEqualTo(2);
    assertThat(StoreTraffic.bucket(32_768_000_000L)).isEqualTo(15);
    assertThat(StoreTraffic.bucket(32_769_000_000L)).isEqualTo(16);
    assertThat(StoreTraffic.bucket(Long.MAX_VALUE / 2)).isEqualTo(16);
  }

  @Test
  void requests_are_counted_and_passed_on() {
    traffic.ended(StoreObserver.Operation.GET, Optional.empty(), 3_000_000);
    traffic.ended(StoreObserver.Operation.GET_BODY, Optional.empty(), 90_000_000);
    traffic.ended(StoreObserver.Operation.PUT, Optional.of(new IllegalStateException()), 1);
    traffic.received(5);
    traffic.sent(6);

    StoreTraffic.Counts counts = traffic.counts();
    assertThat(counts.requests()).isEqualTo(2);
    assertThat(counts.failures()).isEqualTo(1);
    assertThat(counts.nanos()).isEqualTo(3_000_001);
    assertThat(counts.latencies()).startsWith(1L, 0L, 1L).hasSize(17);
    assertThat(counts.sentBytes()).isEqualTo(6);
    assertThat(passedOn)
        .containsExactly("GET 3000000", "GET_BODY 90000000", "PUT 1", "received 5", "sent 6");
  }
}
