package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Scene;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

public final class OssAway implements Fault<Scene> {
  private static final int LEAST_MILLIS = 3_000;
  private static final int MOST_MILLIS = 6_000;

  @Override
  public Outcome inject(Scene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    moment.now();
    scene.emulator().kill();
    TimeUnit.MILLISECONDS.sleep(random.nextInt(LEAST_MILLIS, MOST_MILLIS));
    scene.emulator().startAgain();
    return new Outcome.Happened(0);
  }
}
