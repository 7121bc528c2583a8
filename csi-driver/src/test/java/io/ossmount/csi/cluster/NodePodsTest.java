package io.ossmount.csi.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.csi.testing.FakeCluster;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodePodsTest {
  private static final PodOfNode POD = new PodOfNode("ml", "trainer", "uid-1", false);

  private final FakeCluster cluster = new FakeCluster();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);
  private final NodePods pods = new NodePods(cluster, "node-1", now::get);

  @Test
  void anAnswerIsKeptForSomeSeconds() {
    // given
    cluster.putPod(POD);
    assertThat(pods.byUid()).containsOnlyKeys("uid-1");
    // when
    cluster.putPod(new PodOfNode("ml", "trainer", "uid-1", true));
    now.addAndGet(NodePods.KEPT.toNanos());
    // then
    assertThat(pods.byUid()).containsValue(POD);
    // when
    now.addAndGet(1);
    // then
    assertThat(pods.byUid().get("uid-1")).matches(PodOfNode::terminating);
  }

  @Test
  void thatThereIsNoAnswerIsSaidAndKeptToo() {
    // given
    cluster.putPod(POD);
    cluster.setAway(true);
    assertThatThrownBy(pods::byUid).isInstanceOf(Unavailable.class);
    // when
    cluster.setAway(false);
    // then
    assertThatThrownBy(pods::byUid).isInstanceOf(Unavailable.class);
    now.addAndGet(NodePods.KEPT.toNanos() + 1);
    assertThat(pods.byUid()).containsOnlyKeys("uid-1");
  }

  @Test
  void anOldAnswerIsNotGivenForANewQuestion() {
    // given
    cluster.putPod(POD);
    assertThat(pods.byUid()).hasSize(1);
    // when
    cluster.setAway(true);
    now.addAndGet(NodePods.KEPT.toNanos() + 1);
    // then
    assertThatThrownBy(pods::byUid).isInstanceOf(Unavailable.class);
  }
}
