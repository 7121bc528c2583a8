package io.ossmount.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of the machine that builds. */
final class Command {
  private static final int LIMIT_SECONDS = 120;

  private Command() {}

  /**
   * The program's output and error output together.
   *
   * @throws IOException when it fails, with what it said, or takes more than two minutes
   */
  static String run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var end = process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS);
    var killed = end.whenComplete((_, failure) -> killUnless(failure == null, process));
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (killed.isCompletedExceptionally() || process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + output);
    }
    return output;
  }

  private static void killUnless(boolean ended, Process process) {
    if (!ended) {
      process.destroyForcibly();
    }
  }
}
