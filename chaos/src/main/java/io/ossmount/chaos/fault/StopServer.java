package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.scene.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

public final class StopServer implements Fault<Scene> {
  /** So soon it has to be noticed and replaced; with something for a loaded machine. */
  private static final Duration NOTICED = Duration.ofSeconds(15);

  @Override
  public Outcome inject(Scene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    scene.restarts().await();
    var pid = scene.serverPid();
    int waiting;
    try (var outstanding = Outstanding.at(scene);
        var signal = Signal.ready("STOP", pid)) {
      waiting = outstanding.await(random, moment);
      if (waiting == 0) {
        return new Outcome.NotCounted("no request was outstanding");
      }
      moment.now();
      signal.send();
    }
    if (Await.until(NOTICED, () -> scene.serverPid() != pid)) {
      return new Outcome.Happened(waiting);
    }
    Command.run("kill", "-CONT", Long.toString(pid));
    return new Outcome.Failed(
        "a stopped server is not replaced within " + NOTICED.toSeconds() + " s");
  }
}
