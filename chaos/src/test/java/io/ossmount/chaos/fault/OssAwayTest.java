package io.ossmount.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.cluster.ClusterFault;
import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.node.NodeFault;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.work.WorkKind;
import org.junit.jupiter.api.Test;

final class OssAwayTest {
  @Test
  void oss_comes_back_before_a_call_to_it_gives_up_or_stays_away_for_longer() {
    for (var form : Form.values()) {
      assertThat(OssAway.in(form).most()).isLessThan(Scene.OPERATION);
    }
    assertThat(OssAway.in(Form.FULL).least()).hasSeconds(30);
    assertThat(OssAway.GONE.least()).isGreaterThan(Scene.OPERATION);
  }

  @Test
  void only_what_is_away_for_longer_may_and_must_be_seen_as_an_error() {
    assertThat(NodeFault.OSS_AWAY.allowed(WorkKind.FSYNC)).isEqualTo(Allowed.pause(Allowed.AWAY));
    assertThat(NodeFault.OSS_AWAY.fault(Form.FULL).mustBeSeen()).isFalse();
    for (FaultKind<?> gone : new FaultKind<?>[] {NodeFault.OSS_GONE, ClusterFault.OSS_GONE}) {
      assertThat(gone.allowed(WorkKind.FSYNC).errnos())
          .containsExactlyInAnyOrder("ETIMEDOUT", "EIO");
      assertThat(gone.allowed(WorkKind.FSYNC).pause()).isGreaterThan(OssAway.GONE.most());
      assertThat(gone.fault(Form.FULL).mustBeSeen()).isTrue();
      assertThat(gone.fault(Form.FULL).leavesCached()).isTrue();
      assertThat(gone.fault(Form.SHORT).isShort()).isFalse();
    }
  }
}
