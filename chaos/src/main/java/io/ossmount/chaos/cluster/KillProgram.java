package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * SIGKILL of a program of the node, which its init starts again.
 *
 * @param program such as kubelet
 */
record KillProgram(String program) implements Fault<ClusterScene> {
  private static final Duration AGAIN = Duration.ofSeconds(30);

  @Override
  public Outcome inject(ClusterScene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    var node = new GroupProcesses(ClusterScene.NODE);
    var running = node.running(program);
    if (running.isEmpty()) {
      return new Outcome.NotCounted(program + " does not run");
    }
    try (var signal = Signal.ready("KILL", running)) {
      moment.now();
      signal.send();
    }
    if (!Await.until(
        AGAIN, () -> node.running(program).stream().anyMatch(pid -> !running.contains(pid)))) {
      throw new IOException(program + " is not started again");
    }
    return scene.awaitServing()
        ? new Outcome.Happened(0)
        : new Outcome.Failed("the OssMount is not served again after " + program + " was killed");
  }
}
