package io.ossmount.chaos.scene;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the system that end by themselves. */
public final class Command {
  private static final int PATIENCE_SECONDS = 60;

  private Command() {}

  /**
   * Runs one. What it says goes to a file: a pipe ends only when all that it has started have ended
   * as well, which its deadline would not be looked at for.
   *
   * @return what it said
   * @throws IOException it failed, with what it said; or it does not end
   */
  public static String run(String... words) throws IOException, InterruptedException {
    var output = Files.createTempFile("command", "");
    try {
      return run(List.of(words), output);
    } finally {
      Files.delete(output);
    }
  }

  private static String run(List<String> words, Path output)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(words + " does not end");
    }
    var said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
    if (process.exitValue() != 0) {
      throw new IOException(words + " failed: " + said);
    }
    return said;
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
