package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.fdstore.Liveness.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a silent pod hangs. */
final class LivenessTest {
  private final Liveness liveness = new Liveness(0);

  private Verdict at(long millis) {
    return liveness.look(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void it_is_asked_at_once_and_every_two_seconds() {
    assertThat(at(0)).isEqualTo(Verdict.ASK);
    assertThat(at(1_000)).isEqualTo(Verdict.WAIT);
    assertThat(at(2_000)).isEqualTo(Verdict.ASK);
    assertThat(at(3_000)).isEqualTo(Verdict.WAIT);
    assertThat(at(4_500)).isEqualTo(Verdict.ASK);
  }

  @Test
  void eight_seconds_of_silence_are_too_many() {
    for (int second = 0; second <= 8; second++) {
      assertThat(at(1_000L * second)).isNotEqualTo(Verdict.HANGS);
    }
    assertThat(at(8_001)).isEqualTo(Verdict.HANGS);
  }

  @Test
  void an_answer_begins_the_time_anew() {
    for (int second = 0; second <= 30; second++) {
      liveness.heard(Duration.ofSeconds(second - second % 7).toNanos());
      assertThat(at(1_000L * second)).isNotEqualTo(Verdict.HANGS);
    }
  }

  @Test
  void who_comes_late_himself_blames_nobody() {
    assertThat(at(0)).isEqualTo(Verdict.ASK);
    assertThat(at(60_000)).isEqualTo(Verdict.ASK);
    assertThat(at(64_000)).isEqualTo(Verdict.ASK);
    assertThat(at(68_000)).isEqualTo(Verdict.ASK);
    assertThat(at(68_001)).isEqualTo(Verdict.HANGS);
  }
}
