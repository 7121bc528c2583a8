package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.VolumeException.Busy;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class KeyedLocksTest {
  private final KeyedLocks locks = new KeyedLocks();

  @Test
  void one_key_is_held_by_one_caller_and_nothing_stays_behind() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        var _ =
            executor.submit(() -> {
              try (var _ = locks.lock("key", Deadline.after(Duration.ofSeconds(10)))) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Thread.sleep(1);
                inside.decrementAndGet();
              }
              return null;
            });
      }
    }
    assertThat(most).hasValue(1);
    assertThat(locks.size()).isZero();
  }

  @Test
  void who_waits_too_long_is_told_so() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor();
        var _ = locks.lock("key", Deadline.after(Duration.ofSeconds(1)))) {
      var waiting = executor.submit(() -> locks.lock("key", Deadline.after(Duration.ofMillis(20))));
      assertThatThrownBy(waiting::get).hasCauseInstanceOf(Busy.class);
    }
    assertThat(locks.size()).isZero();
  }

  @Test
  void other_keys_are_free() throws Exception {
    try (var _ = locks.lock("one", Deadline.after(Duration.ZERO));
        var _ = locks.lock("two", Deadline.after(Duration.ZERO))) {
      assertThat(locks.size()).isEqualTo(2);
    }
  }
}
