package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.scene.Names;
import java.io.IOException;
import java.util.SplittableRandom;

/** The cache pod is deleted, by kubectl or by force. */
final class DeletePod implements Fault<ClusterScene> {
  @Override
  public Outcome inject(ClusterScene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    var pod = scene.cachePod();
    if (pod.isEmpty()) {
      return new Outcome.NotCounted("there is no cache pod");
    }
    var grace = random.nextBoolean() ? "--grace-period=30" : "--force";
    try (var _ = EndOfProcess.tells(scene.serverPid(), moment)) {
      moment.now();
      scene
          .cluster()
          .kubectl("-n", Names.NAMESPACE, "delete", "pod", pod.get(), grace, "--wait=false");
      return scene.awaitServing()
          ? new Outcome.Happened(0)
          : new Outcome.Failed("a cache pod that was deleted is not replaced");
    }
  }
}
