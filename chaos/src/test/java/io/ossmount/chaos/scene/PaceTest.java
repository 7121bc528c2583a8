package io.ossmount.chaos.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final Pace pace = new Pace(2, Duration.ofNanos(10), now::get);

  @Test
  void so_many_may_happen_at_once_and_the_next_when_the_first_is_long_enough_ago() {
    assertThat(pace.take()).isZero();
    now.set(-1);
    assertThat(pace.take()).isZero();
    assertThat(pace.take()).hasNanos(6);
    now.set(4);
    assertThat(pace.take()).hasNanos(1);
    now.set(5);
    assertThat(pace.take()).isZero();
    assertThat(pace.take()).hasNanos(4);
  }

  @Test
  void what_was_not_allowed_does_not_count() throws InterruptedException {
    pace.await();
    pace.await();
    assertThat(pace.take()).hasNanos(10);
    now.set(5);
    assertThat(pace.take()).isZero();
    assertThat(pace.take()).isZero();
  }
}
