package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Scene;
import java.io.IOException;
import java.util.SplittableRandom;

public final class KillServer implements Fault<Scene> {
  @Override
  public Outcome inject(Scene scene, SplittableRandom random)
      throws IOException, InterruptedException {
    scene.restarts().await();
    try (var outstanding = Outstanding.at(scene)) {
      var waiting = outstanding.await(random);
      if (waiting == 0) {
        return new Outcome.NotCounted("no request was outstanding");
      }
      var pid = Long.toString(scene.serverPid());
      var at = System.nanoTime();
      Command.run("kill", "-KILL", pid);
      return new Outcome.Happened(at, waiting);
    }
  }
}
