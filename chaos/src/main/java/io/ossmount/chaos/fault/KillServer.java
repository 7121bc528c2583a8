package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.scene.Signal;
import java.io.IOException;
import java.util.SplittableRandom;

public final class KillServer implements Fault<Scene> {
  @Override
  public Outcome inject(Scene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    scene.restarts().await();
    try (var outstanding = Outstanding.at(scene);
        var signal = Signal.ready("KILL", scene.serverPid())) {
      var waiting = outstanding.await(random, moment);
      if (waiting == 0) {
        return new Outcome.NotCounted("no request was outstanding");
      }
      moment.now();
      signal.send();
      return new Outcome.Happened(waiting);
    }
  }
}
