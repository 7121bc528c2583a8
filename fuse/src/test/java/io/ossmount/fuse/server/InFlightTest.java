package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class InFlightTest {
  private final InFlight inFlight = new InFlight();
  private final CompletableFuture<Boolean> wasInterrupted = new CompletableFuture<>();

  private Thread waiting() {
    return Thread.ofVirtual()
        .unstarted(() -> {
          try {
            wasInterrupted.complete(new CountDownLatch(1).await(60, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            wasInterrupted.complete(true);
          }
        });
  }

  @Test
  void an_interrupt_ends_the_work_of_its_request() throws Exception {
    inFlight.start(7, waiting(), true);

    inFlight.interrupt(7);

    assertThat(wasInterrupted.get(15, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void an_interrupt_that_comes_before_the_work_begins_is_not_lost() throws Exception {
    inFlight.interrupt(7);

    inFlight.start(7, waiting(), true);

    assertThat(wasInterrupted.get(15, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_request_that_is_sent_again_is_the_same_one() throws Exception {
    inFlight.start(7 | 1L << 63, waiting(), true);

    inFlight.interrupt(7);

    assertThat(wasInterrupted.get(15, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void what_changes_something_is_not_interrupted() throws Exception {
    Thread thread = waiting();
    inFlight.start(7, thread, false);

    inFlight.interrupt(7);
    inFlight.interruptAll();
    inFlight.interrupt(8);

    assertThat(wasInterrupted.isDone()).isFalse();
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(15))).isTrue();
  }
}
