package io.ossmount.cache.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the plugin's question is answered. */
@Timeout(20)
class PingAnswersTest {
  private final BlockingQueue<Long> answers = new LinkedBlockingQueue<>();

  @Test
  void it_is_answered_when_a_reader_comes() throws Exception {
    try (PingAnswers pulse = new PingAnswers(_ -> true, answers::add)) {
      pulse.asked(7);
      assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo(7);
    }
  }

  @Test
  void it_is_not_answered_when_none_comes() throws Exception {
    CountDownLatch looked = new CountDownLatch(2);
    try (PingAnswers pulse =
        new PingAnswers(
            _ -> {
              looked.countDown();
              return false;
            },
            answers::add)) {
      pulse.asked(1);
      while (!looked.await(10, TimeUnit.MILLISECONDS)) {
        pulse.asked(2);
      }
      assertThat(answers).isEmpty();
    }
  }

  @Test
  void of_questions_that_come_while_one_is_looked_into_the_last_is_answered() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (PingAnswers pulse =
        new PingAnswers(
            _ -> {
              first.countDown();
              return goOn.await(10, TimeUnit.SECONDS);
            },
            answers::add)) {
      pulse.asked(1);
      assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
      pulse.asked(2);
      pulse.asked(3);
      goOn.countDown();
      assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo(3);
    }
  }
}
