package io.ossmount.chaos.scene;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process beside this one, that writes a log. Thread-safe. */
public final class Child implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;
  private static final int LONG_SECONDS = 120;

  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  /** Starts one; its log is appended to. */
  public static Child start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return new Child(builder.start());
  }

  /** Its id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Calls {@code action} when it has ended. */
  public void onEnd(Runnable action) {
    var _ = process.onExit().thenRun(action);
  }

  /** SIGKILL; waits for its end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** SIGTERM; waits for its end, which may take a while. */
  public void endInGoodOrder() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(LONG_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("process " + pid() + " does not end");
    }
  }

  /** SIGTERM, and SIGKILL after some seconds. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
