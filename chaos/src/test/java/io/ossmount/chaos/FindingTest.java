package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.Finding.SeenError;
import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FindingTest {
  private static final Allowed ALLOWED = new Allowed(Set.of("ENOSPC"), Duration.ofMillis(100));

  @Test
  void what_is_allowed_is_no_violation() {
    var finding = finding(100, "ENOSPC", List.of(), List.of(), List.of(), List.of());

    assertThat(finding.violations(_ -> ALLOWED)).isEmpty();
  }

  @Test
  void each_thing_that_is_not_allowed_is_one() {
    var finding =
        finding(
            101, "ESTALE", List.of("byte"), List.of("object"), List.of("memfd"), List.of("hangs"));

    assertThat(finding.violations(_ -> ALLOWED))
        .containsExactly(
            "hangs",
            "ESTALE from READ (walk)",
            "walk paused for more than 100 ms",
            "wrong: byte",
            "write lost: object",
            "leak: memfd");
  }

  private static Finding finding(
      long pause,
      String errno,
      List<String> wrong,
      List<String> lost,
      List<String> leaks,
      List<String> failures) {
    return new Finding(
        "row",
        1,
        List.of(),
        Map.of(WorkKind.WALK, Duration.ofMillis(pause)),
        Map.of(new SeenError(WorkKind.WALK, "READ", errno), 2),
        wrong,
        lost,
        leaks,
        failures);
  }
}
