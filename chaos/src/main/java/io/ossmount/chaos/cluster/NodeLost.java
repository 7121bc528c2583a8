package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Fault;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** All processes of the other node are killed; it comes back after some seconds. */
final class NodeLost implements Fault<ClusterScene> {
  private static final int MOST_SECONDS = 20;

  @Override
  public Outcome inject(ClusterScene scene, SplittableRandom random)
      throws IOException, InterruptedException {
    var at = System.nanoTime();
    scene.cluster().stopNode(ClusterScene.OTHER_NODE);
    TimeUnit.SECONDS.sleep(random.nextInt(MOST_SECONDS));
    scene.cluster().startNode(ClusterScene.OTHER_NODE);
    return scene.awaitServing()
        ? new Outcome.Happened(at, 0)
        : new Outcome.Failed("the product is not well after the other node was lost");
  }
}
