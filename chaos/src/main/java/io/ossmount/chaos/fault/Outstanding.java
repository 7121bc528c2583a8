package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Sees to it that requests are outstanding: OSS is slow meanwhile. */
public final class Outstanding implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_WAITING_WANTED = 4;
  private static final int DELAY_MILLIS = 400;

  /** So long what was seldom under way is waited for; it may last for parts of a millisecond. */
  private static final Duration FOR_RARE = Duration.ofSeconds(2);

  private static final Duration POLL_FOR_RARE = Duration.ofNanos(50_000);

  private final Scene scene;

  private Outstanding(Scene scene) {
    this.scene = scene;
  }

  /** OSS is slow from now on, until {@link #close}. */
  public static Outstanding at(Scene scene) throws IOException, InterruptedException {
    scene
        .emulator()
        .addFault(
            "{\"probability\": 0.5, \"effect\": {\"type\": \"delay\", \"millis\": %d}}"
                .formatted(DELAY_MILLIS));
    return new Outstanding(scene);
  }

  /**
   * Waits for a moment with some requests, one in which something rare is under way if that comes
   * soon; how many requests there were, 0 if it did not come.
   */
  public int await(SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    var connection = scene.connection();
    TimeUnit.MILLISECONDS.sleep(random.nextInt(DELAY_MILLIS));
    if (moment.rare().isPresent()
        && Await.until(
            FOR_RARE, POLL_FOR_RARE, () -> connection.waiting() > 0 && moment.isRare())) {
      return 1;
    }
    for (int wanted = 1 + random.nextInt(MOST_WAITING_WANTED); wanted > 0; wanted--) {
      var least = wanted;
      if (Await.until(PATIENCE, () -> connection.waiting() >= least)) {
        return wanted;
      }
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    try {
      scene.emulator().clearFaults();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
