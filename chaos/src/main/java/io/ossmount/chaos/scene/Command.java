package io.ossmount.chaos.scene;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the system that end by themselves. */
public final class Command {
  private static final int PATIENCE_SECONDS = 60;

  private Command() {}

  /**
   * Runs one.
   *
   * @return what it said
   * @throws IOException it failed; with what it said
   */
  public static String run(String... words) throws IOException, InterruptedException {
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(List.of(words) + " does not end");
    }
    if (process.exitValue() != 0) {
      throw new IOException(List.of(words) + " failed: " + output.strip());
    }
    return output.strip();
  }

  /** Runs one whose failure does no harm. */
  public static void tryRun(String... words) {
    try {
      run(words);
    } catch (IOException _) {
      // Such as an unmount of what is not mounted.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
