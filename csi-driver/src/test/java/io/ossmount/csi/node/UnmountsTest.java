package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class UnmountsTest {
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Unmounts unmounts = new Unmounts();
  private final CountDownLatch served = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();

  private final Callable<Void> hanging =
      () -> {
        calls.incrementAndGet();
        served.await();
        return null;
      };

  @AfterEach
  void the_hanging_ones_end() {
    served.countDown();
    await().until(() -> unmounts.underWay() == 0);
  }

  @Test
  void one_that_hangs_holds_up_no_other() throws Exception {
    assertThat(unmounts.await(Path.of("/hangs"), hanging, Deadline.after(SHORT))).isFalse();

    assertThat(unmounts.await(Path.of("/other"), () -> null, Deadline.after(LONG))).isTrue();
  }

  @Test
  void one_that_hangs_is_tried_once_however_often_it_is_asked_for() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(unmounts.await(Path.of("/hangs"), hanging, Deadline.after(SHORT))).isFalse();
    }
    assertThat(unmounts.underWay()).isEqualTo(1);

    served.countDown();
    assertThat(unmounts.await(Path.of("/hangs"), () -> null, Deadline.after(LONG))).isTrue();
    assertThat(calls).hasValue(1);
  }

  @Test
  void a_failure_is_that_of_its_call_and_the_next_one_tries_again() throws Exception {
    Callable<Void> failing =
        () -> {
          throw new IOException("no");
        };
    assertThatThrownBy(() -> unmounts.await(Path.of("/a"), failing, Deadline.after(LONG)))
        .isInstanceOf(ExecutionException.class);

    await().until(() -> unmounts.underWay() == 0);
    assertThat(unmounts.await(Path.of("/a"), () -> null, Deadline.after(LONG))).isTrue();
  }

  @Test
  void there_is_a_bound_for_those_that_hang() throws Exception {
    for (int i = 0; i < Unmounts.MOST_UNDER_WAY; i++) {
      assertThat(unmounts.await(Path.of("/" + i), hanging, Deadline.after(Duration.ZERO)))
          .isFalse();
    }
    assertThatThrownBy(() -> unmounts.await(Path.of("/more"), hanging, Deadline.after(SHORT)))
        .isInstanceOf(NodeFault.class);
  }
}
