package io.ossmount.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.kernel.FuseMount;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of this process and of one that it starts. Needs root and /dev/fuse. */
final class BaselineIT {
  private static final String SERVER = "server";

  private final long self = ProcessHandle.current().pid();

  @Test
  void a_process_that_takes_the_place_of_one_and_has_more_is_found() throws Exception {
    var other = new ProcessBuilder("sleep", "60").start();
    try (var _ = FuseMount.openDevice()) {
      var before = Baseline.of(Map.of(SERVER, other.pid()));

      assertThat(before.exceeded(Map.of(SERVER, other.pid()), Map.of())).isEmpty();
      assertThat(before.exceeded(Map.of(SERVER, self), Map.of()))
          .contains("server: 1 of /dev/fuse, 0 before");
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_process_that_is_not_there_is_missed() throws IOException {
    var before = Baseline.of(Map.of(SERVER, self));

    assertThat(before.exceeded(Map.of(), Map.of())).containsExactly("server: does not run");
  }
}
