package io.ossmount.cache.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SupervisedTest {
  @Test
  void whoHasNoPulseToShowHasNoSupervisor() throws Exception {
    assertThat(Supervised.of(null, said("3\n"))).isEqualTo(new Supervised(Optional.empty(), 0));
    assertThat(Supervised.of("", said("")).othersBytes()).isZero();
  }

  @Test
  void whoHasIsToldHowOftenItWasStartedAgain() throws Exception {
    var supervised = Supervised.of("/dev/shm/p", said("13\n"));
    assertThat(supervised).isEqualTo(new Supervised(Optional.of(Path.of("/dev/shm/p")), 13));
    assertThat(supervised.othersBytes()).isPositive();
  }

  @Test
  void whoseSupervisorEndsBeforeItCallsIsNoServer() {
    assertThatThrownBy(() -> Supervised.of("/dev/shm/p", said("1")))
        .isInstanceOf(EOFException.class);
  }

  private static InputStream said(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
