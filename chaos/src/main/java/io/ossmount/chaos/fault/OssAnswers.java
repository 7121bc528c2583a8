package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Scene;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Half of the requests are answered with an error.
 *
 * @param status of HTTP
 * @param code of OSS
 */
public record OssAnswers(int status, String code) implements Fault<Scene> {
  /** 500. */
  public static final OssAnswers ERRORS = new OssAnswers(500, "InternalError");

  /** 503. */
  public static final OssAnswers THROTTLED = new OssAnswers(503, "SlowDown");

  private static final int LEAST_MILLIS = 3_000;
  private static final int MOST_MILLIS = 6_000;

  @Override
  public boolean leavesCached() {
    return true;
  }

  @Override
  public Outcome inject(Scene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    moment.now();
    scene
        .emulator()
        .addFault(
            "{\"probability\": 0.5, \"effect\": {\"type\": \"answer\", \"status\": %d, \"code\": \"%s\"}}"
                .formatted(status, code));
    try {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LEAST_MILLIS, MOST_MILLIS));
    } finally {
      scene.emulator().clearFaults();
    }
    return new Outcome.Happened(0);
  }
}
