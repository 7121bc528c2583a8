package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Form;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Signal;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The API server is there and answers nothing.
 *
 * @param seconds how long
 */
record ApiAway(int seconds) implements Fault<ClusterScene> {
  private static final ApiAway FULL = new ApiAway(60);
  private static final ApiAway SHORT = new ApiAway(15);

  static ApiAway in(Form form) {
    return switch (form) {
      case SHORT -> SHORT;
      case FULL -> FULL;
    };
  }

  @Override
  public Outcome inject(ClusterScene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    var servers = new GroupProcesses(LocalCluster.CONTROL).running("kube-apiserver");
    if (servers.size() != 1) {
      return new Outcome.NotCounted(servers.size() + " API servers run");
    }
    var pid = servers.getFirst();
    try (var signal = Signal.ready("STOP", pid)) {
      moment.now();
      signal.send();
      TimeUnit.SECONDS.sleep(seconds);
    } finally {
      Command.run("kill", "-CONT", Long.toString(pid));
    }
    return scene.awaitServing()
        ? new Outcome.Happened(0)
        : new Outcome.Failed("the OssMount is not Ready after the API server was away");
  }
}
