package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.testing.FakeCluster;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RecoveryTimeoutsTest {
  private final FakeCluster cluster = new FakeCluster();
  private final AtomicLong now = new AtomicLong();
  private final RecoveryTimeouts timeouts = new RecoveryTimeouts(cluster, now::get);

  private void put(String timeout) {
    cluster.put("ml", "data", "u-1", "spec: {bucket: b, recovery: {timeout: " + timeout + "}}");
  }

  private void pass(int seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void it_is_what_the_ossmount_says_and_a_change_is_seen_some_time_later() {
    put("90s");
    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(90));

    put("7s");
    pass(29);
    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(90));
    pass(2);
    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void what_is_in_effect_by_the_clusters_defaults_holds() {
    cluster.put(
        "ml",
        "data",
        "u-1",
        "spec: {bucket: b}\nstatus: {effective: {bucket: b, recovery: {timeout: 42s}}}");

    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(42));
  }

  @Test
  void without_an_ossmount_or_a_word_of_it_the_default_holds() {
    assertThat(timeouts.of("ml/gone")).isEqualTo(Duration.ofMinutes(5));

    cluster.put("ml", "plain", "u-2", "spec: {bucket: b}");
    assertThat(timeouts.of("ml/plain")).isEqualTo(Duration.ofMinutes(5));

    cluster.put("ml", "odd", "u-3", "spec: {bucket: b, recovery: {timeout: soon}}");
    assertThat(timeouts.of("ml/odd")).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void while_the_api_server_is_away_the_last_one_holds() {
    put("90s");
    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(90));
    cluster.setAway(true);
    pass(31);

    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(90));
    assertThat(timeouts.of("ml/other")).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void an_api_server_that_is_away_is_waited_for_once_in_a_round() {
    put("90s");
    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(90));
    cluster.setAway(true);
    pass(31);

    for (var label : List.of("ml/other", "ml/data", "ml/third")) {
      assertThat(timeouts.of(label)).isNotNull();
    }
    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(90));
    assertThat(cluster.refused()).isEqualTo(1);

    cluster.setAway(false);
    put("7s");
    pass(31);
    timeouts.beginRound(Set.of("ml/data"));
    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void what_is_not_needed_any_more_is_forgotten() {
    put("90s");
    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(90));
    timeouts.beginRound(Set.of());
    put("7s");

    assertThat(timeouts.of("ml/data")).isEqualTo(Duration.ofSeconds(7));
  }
}
