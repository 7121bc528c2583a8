package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.cluster.ClusterFault;
import io.ossmount.chaos.fault.FaultKind;
import io.ossmount.chaos.node.NodeFault;
import io.ossmount.chaos.work.WorkKind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TargetsTest {
  private static final int ENOUGH = Targets.ENOUGH_FAULTS;

  @Test
  void a_row_that_is_slower_than_promised_is_over_its_target() {
    assertThat(missed(ClusterFault.KILL_SERVER, 1_501, ENOUGH))
        .containsExactly(
            "kill-server: the target: p99 of the longest pauses of 20 is 1501 ms, over 1500 ms");
    assertThat(missed(ClusterFault.DELETE_POD, 5_001, ENOUGH)).hasSize(1);
  }

  @Test
  void one_that_is_as_promised_is_not() {
    assertThat(missed(ClusterFault.KILL_SERVER, 1_500, ENOUGH)).isEmpty();
    assertThat(missed(ClusterFault.DELETE_POD, 5_000, ENOUGH)).isEmpty();
  }

  @Test
  void of_few_faults_and_of_those_without_a_promise_nothing_is_said() {
    assertThat(missed(ClusterFault.KILL_SERVER, 9_000, ENOUGH - 1)).isEmpty();
    assertThat(missed(NodeFault.KILL_SERVER, 9_000, ENOUGH)).isEmpty();
    assertThat(Targets.missed(Map.of(), List.of(ClusterFault.KILL_SERVER))).isEmpty();
  }

  private static List<String> missed(FaultKind<?> kind, int millis, int count) {
    var finding =
        new Finding(
            kind.title(),
            1,
            List.of(),
            Map.of(WorkKind.WALK, Duration.ofMillis(millis)),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return Targets.missed(Map.of(kind.title(), Collections.nCopies(count, finding)), List.of(kind));
  }
}
