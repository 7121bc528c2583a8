package io.ossmount.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A process that runs beside the build until it is told to end; its output is in a file. */
final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long INTERVAL_MILLIS = 20;

  private final Process process;
  private final Path log;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Child start(List<String> command, Path log) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    return new Child(builder.redirectOutput(log.toFile()).start(), log);
  }

  /** Says this on its standard input, which stays open. */
  void say(String text) throws IOException {
    var in = process.getOutputStream();
    in.write(text.getBytes(StandardCharsets.US_ASCII));
    in.flush();
  }

  /**
   * Waits until its output has this.
   *
   * @throws IOException it has ended, or does not come to it
   */
  MatchResult await(Pattern said) throws IOException, InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var isOver = !process.isAlive() || System.nanoTime() - deadline > 0;
      var output = Files.readString(log);
      var found = said.matcher(output);
      if (found.find()) {
        return found.toMatchResult();
      }
      if (isOver) {
        throw new IOException("%s did not say %s but: %s".formatted(log, said, output));
      }
      Thread.sleep(INTERVAL_MILLIS);
    }
  }

  /**
   * Tells it to end, and waits.
   *
   * @throws IOException it does not
   */
  void end() throws IOException, InterruptedException {
    // That of the process itself closes its standard input first, as if its supervisor were gone.
    boolean _ = process.toHandle().destroy();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("does not end: " + Files.readString(log));
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * Waits until it has ended.
   *
   * @return what it ended with
   * @throws IOException it does not end
   */
  int code() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("does not end: " + Files.readString(log));
    }
    return process.exitValue();
  }

  /** What it said. */
  String output() throws IOException {
    return Files.readString(log);
  }

  /** Kills it, if it has not ended, and waits until it has. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
