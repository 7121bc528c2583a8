package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/** The chart is upgraded to images with another tag, which are the same, and every part changes. */
final class HelmUpgrade implements Fault<ClusterScene> {
  private static final int MOST = 1_000_000;

  @Override
  public Outcome inject(ClusterScene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    var tag = "chaos-" + random.nextInt(MOST);
    for (var node : List.of(ClusterScene.NODE, ClusterScene.OTHER_NODE)) {
      scene.cluster().tagImages(node, tag);
    }
    try (var _ = EndOfProcess.tells(scene.serverPid(), moment)) {
      moment.now();
      scene.cluster().install(tag);
      return scene.awaitImage(tag) && scene.awaitServing()
          ? new Outcome.Happened(0)
          : new Outcome.Failed("the OssMount is not served, or not updated, after helm upgrade");
    }
  }
}
