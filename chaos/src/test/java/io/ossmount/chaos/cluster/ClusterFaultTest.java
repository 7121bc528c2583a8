package io.ossmount.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.work.WorkKind;
import org.junit.jupiter.api.Test;

final class ClusterFaultTest {
  @Test
  void workloads_end_with_their_node_and_outlive_the_loss_of_another_one() {
    assertThat(WorkKind.values()).noneMatch(ClusterFault.NODE_LOST_HERE::isOutlivedBy);
    assertThat(WorkKind.values()).allMatch(ClusterFault.NODE_LOST::isOutlivedBy);
  }
}
