package io.ossmount.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReaderTest {
  private static final long SECOND = 1_000_000_000;

  private static Reader reader(List<Work> reads) {
    Iterator<Long> times = List.of(SECOND, 3 * SECOND, 8 * SECOND).iterator();
    return Reader.start(reads, times::next);
  }

  @Test
  void theFirstReadThatEndsAfterTheStartCounts() throws Exception {
    Reader reader = reader(List.of(Work.NOTHING, Work.NOTHING, Work.NOTHING));
    assertThat(reader.secondsFrom(2 * SECOND)).isEqualTo(1.0);
  }

  @Test
  void anErrorOfALaterReadIsNotPassedOver() {
    IOException broken = new IOException("Input/output error");
    Work failing =
        () -> {
          throw broken;
        };
    Reader reader = reader(List.of(Work.NOTHING, Work.NOTHING, failing));
    assertThatThrownBy(() -> reader.secondsFrom(2 * SECOND))
        .isInstanceOf(IOException.class)
        .hasCause(broken);
  }

  @Test
  void readsThatAllEndedBeforeSayNothing() {
    Reader reader = reader(List.of(Work.NOTHING));
    assertThatThrownBy(() -> reader.secondsFrom(2 * SECOND)).hasMessageContaining("before");
  }
}
