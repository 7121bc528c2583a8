package io.ossmount.cache.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SilenceTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
  private final Silence silence = new Silence(now::get);

  private void later() {
    now.addAndGet(Silence.PAUSE.toNanos());
  }

  @Test
  void whoAnswersIsAskedByAll() {
    assertThat(silence.mayAsk()).isTrue();
    assertThat(silence.mayAsk()).isTrue();
  }

  @Test
  void whoDoesNotIsAskedLaterAndByOneAtATime() {
    silence.begins();
    assertThat(silence.lasts()).isTrue();
    assertThat(silence.mayAsk()).isFalse();

    later();
    assertThat(silence.lasts()).isFalse();
    assertThat(silence.mayAsk()).isTrue();
    assertThat(silence.lasts()).isTrue();
    assertThat(silence.mayAsk()).isFalse();

    later();
    assertThat(silence.mayAsk()).isTrue();
  }

  @Test
  void whatIsHeardEndsIt() {
    silence.begins();
    silence.ends();
    assertThat(silence.lasts()).isFalse();
    assertThat(silence.mayAsk()).isTrue();
    assertThat(silence.mayAsk()).isTrue();
  }
}
