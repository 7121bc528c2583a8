package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/** All processes of the other node are killed; it comes back after some seconds. */
final class NodeLost implements Fault<ClusterScene> {
  private static final int MOST_SECONDS = 20;

  @Override
  public Outcome inject(ClusterScene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    // Nobody works on that node, so it does not matter that the script takes its time.
    moment.now();
    scene
        .cluster()
        .loseNode(ClusterScene.OTHER_NODE, Duration.ofSeconds(random.nextInt(MOST_SECONDS)));
    return scene.awaitServing()
        ? new Outcome.Happened(0)
        : new Outcome.Failed("the product is not well after the other node was lost");
  }
}
