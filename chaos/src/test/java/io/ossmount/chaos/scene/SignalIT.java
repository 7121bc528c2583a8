package io.ossmount.chaos.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SignalIT {
  private static final int SOON_SECONDS = 10;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endAll() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void all_get_it_when_it_is_sent_and_not_before() throws Exception {
    var one = sleeper();
    var other = sleeper();

    try (var signal = Signal.ready("KILL", List.of(one.pid(), other.pid()))) {
      assertThat(processes).allMatch(Process::isAlive);
      signal.send();
    }

    assertThat(one.waitFor(SOON_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(other.waitFor(SOON_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void it_can_be_any_signal() throws Exception {
    var sleeper = sleeper();

    try (var signal = Signal.ready("STOP", sleeper.pid())) {
      signal.send();
    }

    var status = Path.of("/proc", Long.toString(sleeper.pid()), "status");
    Await.must(
        "it is stopped",
        Duration.ofSeconds(SOON_SECONDS),
        () -> Files.readString(status).contains("State:\tT"));
  }

  @Test
  void one_that_reaches_nobody_fails() throws Exception {
    var gone = sleeper();
    gone.destroyForcibly();
    gone.waitFor();

    try (var signal = Signal.ready("KILL", gone.pid())) {
      assertThatThrownBy(signal::send).isInstanceOf(IOException.class);
    }
  }

  private Process sleeper() throws IOException {
    var process = new ProcessBuilder("sleep", "1000").start();
    processes.add(process);
    return process;
  }
}
