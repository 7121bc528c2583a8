package io.ossmount.cache.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.StoreException.Denied;
import io.ossmount.cache.store.StoreException.Denied.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class StoreMonitorTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final AtomicInteger checks = new AtomicInteger();
  private final List<String> changes = new CopyOnWriteArrayList<>();
  private volatile BooleanSupplier outcome = () -> true;
  private StoreMonitor monitor = monitor(Duration.ofHours(1), Duration.ofHours(1));

  @AfterEach
  void end() {
    monitor.close();
  }

  @Test
  void nothing_is_known_before_the_first_look() {
    assertThat(monitor.health()).isEqualTo(StoreHealth.CHECKING);
    assertThat(monitor.health().isGood()).isFalse();
  }

  @Test
  void a_store_that_answers_is_good() {
    monitor.start();

    awaitReason("Reachable");
    assertThat(monitor.health().checked()).contains(NOW);
    assertThat(monitor.health().directoryEmpty()).isFalse();
    assertThat(changes).containsExactly("Reachable");
  }

  @Test
  void an_empty_directory_is_a_warning() {
    outcome = () -> false;

    monitor.start();

    awaitReason("Reachable");
    assertThat(monitor.health().directoryEmpty()).isTrue();
    assertThat(monitor.health().isGood()).isTrue();
  }

  @Test
  void a_store_that_heals_is_seen_by_itself() {
    monitor.close();
    monitor = monitor(Duration.ofHours(1), Duration.ofMillis(50));
    outcome = failing(new StoreException.BucketNotFound("no bucket b"));
    monitor.start();
    awaitReason("BucketNotFound");
    assertThat(monitor.health().message()).isEqualTo("no bucket b");

    outcome = () -> true;

    awaitReason("Reachable");
    assertThat(changes).containsExactly("BucketNotFound", "Reachable");
  }

  @Test
  void a_denied_call_of_somebody_else_makes_it_look() {
    monitor.start();
    awaitReason("Reachable");
    Denied denied = new Denied(Reason.INVALID_ACCESS_KEY, "disabled");
    outcome = failing(denied);

    monitor.failed(new StoreException.NotFound("says nothing of the store"));
    monitor.failed(denied);

    awaitReason("InvalidAccessKey");
  }

  @Test
  void many_questions_are_one_look() {
    monitor.close();
    monitor = monitor(Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(1));
    monitor.start();
    awaitReason("Reachable");
    int before = checks.get();

    for (int i = 0; i < 100; i++) {
      monitor.checkSoon();
    }

    await().until(() -> checks.get() > before);
    await().during(Duration.ofMillis(300)).until(() -> checks.get() <= before + 2);
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ACCESS_KEY, InvalidAccessKey",
    "INVALID_SECURITY_TOKEN, InvalidAccessKey",
    "SIGNATURE_MISMATCH, SignatureMismatch",
    "CLOCK_SKEW, ClockSkew",
    "LIST_DENIED, ListDenied",
    "WRITE_DENIED, WriteDenied",
    "ACCESS_DENIED, AccessDenied",
    "CREDENTIALS_MISSING, CredentialsMissing",
  })
  void each_denial_has_its_reason(Reason denied, String reason) {
    assertThat(StoreHealth.reason(new Denied(denied, ""))).isEqualTo(reason);
  }

  @Test
  void other_failures_have_theirs() {
    assertThat(StoreHealth.reason(new StoreException.Unreachable("", new Exception())))
        .isEqualTo("EndpointUnreachable");
    assertThat(StoreHealth.reason(new StoreException.Unavailable("")))
        .isEqualTo("EndpointUnreachable");
  }

  private void awaitReason(String reason) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> changes.contains(reason) && monitor.health().reason().equals(reason));
  }

  private static BooleanSupplier failing(StoreException failure) {
    return () -> {
      throw failure;
    };
  }

  private StoreMonitor monitor(Duration good, Duration bad) {
    return monitor(good, bad, Duration.ofMillis(20));
  }

  private StoreMonitor monitor(Duration good, Duration bad, Duration least) {
    StoreMonitor made =
        new StoreMonitor(
            () -> {
              checks.incrementAndGet();
              return outcome.getAsBoolean();
            },
            new StoreMonitor.Intervals(good, bad, least),
            Clock.fixed(NOW, ZoneOffset.UTC));
    made.onChange(() -> changes.add(made.health().reason()));
    return made;
  }
}
