package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.scene.Signal;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** It goes on before kubelet would end it, which asks for a minute. */
public final class StopPlugin implements Fault<Scene> {
  private static final int LEAST_MILLIS = 8_000;
  private static final int MOST_MILLIS = 20_000;

  @Override
  public Outcome inject(Scene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    var pid = scene.pluginPid();
    try (var signal = Signal.ready("STOP", pid)) {
      moment.now();
      signal.send();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LEAST_MILLIS, MOST_MILLIS));
    } finally {
      Command.tryRun("kill", "-CONT", Long.toString(pid));
    }
    return new Outcome.Happened(0);
  }
}
