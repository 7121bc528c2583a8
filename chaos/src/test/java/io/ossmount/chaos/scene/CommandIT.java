package io.ossmount.chaos.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CommandIT {
  @Test
  void what_it_has_started_and_left_is_not_waited_for() throws Exception {
    // when
    var pid = Command.run("sh", "-c", "sleep 50 & echo $!");
    // then
    var left = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    assertThat(left.destroyForcibly()).as("it ran on").isTrue();
  }

  @Test
  void one_that_fails_is_told_of_with_what_it_said() {
    assertThatThrownBy(() -> Command.run("sh", "-c", "echo no >&2; exit 3"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no");
  }
}
