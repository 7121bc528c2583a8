package io.ossmount.chaos.fault;

import io.ossmount.chaos.node.Await;
import io.ossmount.chaos.node.NodeProcesses;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Sees to it that requests are outstanding: OSS is slow meanwhile. */
final class Outstanding implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_WAITING_WANTED = 4;
  private static final int DELAY_MILLIS = 400;

  private final NodeProcesses node;

  private Outstanding(NodeProcesses node) {
    this.node = node;
  }

  /** OSS is slow from now on, until {@link #close}. */
  static Outstanding at(NodeProcesses node) throws IOException, InterruptedException {
    node.emulator()
        .addFault(
            "{\"probability\": 0.5, \"effect\": {\"type\": \"delay\", \"millis\": %d}}"
                .formatted(DELAY_MILLIS));
    return new Outstanding(node);
  }

  /** Waits for a moment with some requests; how many there were, 0 if it did not come. */
  int await(SplittableRandom random) throws IOException, InterruptedException {
    var connection = node.connection();
    TimeUnit.MILLISECONDS.sleep(random.nextInt(DELAY_MILLIS));
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
      node.emulator().clearFaults();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
