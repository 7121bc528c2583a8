package io.ossmount.cache.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SupervisedTest {
  @Test
  void whoHasNoPulseToShowHasNoSupervisor() {
    assertThat(Supervised.of(null, "3")).isEqualTo(new Supervised(Optional.empty(), 0));
    assertThat(Supervised.of("", null).supervisorBytes()).isZero();
  }

  @Test
  void whoHasIsToldHowOftenItWasStartedAgain() {
    var supervised = Supervised.of("/dev/shm/p", "3");
    assertThat(supervised).isEqualTo(new Supervised(Optional.of(Path.of("/dev/shm/p")), 3));
    assertThat(supervised.supervisorBytes()).isPositive();
  }

  @Test
  void whatIsNoNumberIsNone() {
    assertThat(Supervised.of("p", "-1").restarts()).isZero();
    assertThat(Supervised.of("p", "99999999999").restarts()).isZero();
  }
}
