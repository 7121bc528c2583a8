package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.scene.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * All processes of the node where the workloads are are killed, and with them its mounts; it comes
 * back after some seconds.
 */
final class NodeLostHere implements Fault<ClusterScene> {
  private static final int MOST_SECONDS = 20;

  /** kubelet comes first, then the cache pod. */
  private static final Duration AGAIN = Duration.ofSeconds(80);

  private static final Duration POLL = Duration.ofMillis(500);

  @Override
  public Outcome inject(ClusterScene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    moment.now();
    scene.cluster().loseNode(ClusterScene.NODE, Duration.ofSeconds(random.nextInt(MOST_SECONDS)));
    // What the API server says may be from before.
    var node = new GroupProcesses(ClusterScene.NODE);
    var isThere =
        Await.until(
            AGAIN,
            POLL,
            () -> !node.of(Product.SERVER).isEmpty() && !node.of(Product.PLUGIN).isEmpty());
    return isThere && scene.awaitServing()
        ? new Outcome.Happened(0)
        : new Outcome.Failed("the OssMount is not served again after its node was lost");
  }
}
