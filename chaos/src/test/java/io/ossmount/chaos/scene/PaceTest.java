package io.ossmount.chaos.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final Pace pace = new Pace(Duration.ofNanos(10), now::get);

  @Test
  void the_next_may_happen_when_the_one_before_is_long_enough_ago() {
    assertThat(pace.take()).isZero();
    assertThat(pace.take()).hasNanos(10);
    now.set(4);
    assertThat(pace.take()).hasNanos(1);
    now.set(7);
    assertThat(pace.take()).isZero();
    assertThat(pace.take()).hasNanos(10);
  }
}
