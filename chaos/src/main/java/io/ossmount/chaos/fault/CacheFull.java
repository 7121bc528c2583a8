package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Scene;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

public final class CacheFull implements Fault<Scene> {
  private static final int LEAST_MILLIS = 3_000;
  private static final int MOST_MILLIS = 5_000;

  @Override
  public Outcome inject(Scene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    moment.now();
    try {
      scene.disk().fill();
      moment.now();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LEAST_MILLIS, MOST_MILLIS));
    } finally {
      scene.disk().makeRoom();
    }
    return new Outcome.Happened(0);
  }
}
