package io.ossmount.cache.supervise;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The server while it runs. Its standard input is a pipe on which nothing is ever sent, and which
 * ends when the supervisor does.
 */
final class Server {
  private final Process process;
  private final File pulse;

  private Server(Process process, File pulse) {
    this.process = process;
    this.pulse = pulse;
  }

  /**
   * Starts it.
   *
   * @param pulse what an earlier one has left of it is removed
   */
  static Server start(List<String> command, File pulse, int restarts) throws IOException {
    if (!pulse.delete() && pulse.exists()) {
      throw new IOException("cannot remove ".concat(pulse.getPath()));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put(Agreement.PULSE, pulse.getPath());
    environment.put(Agreement.RESTARTS, Integer.toString(restarts));
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new Server(builder.start(), pulse);
  }

  long pid() {
    return process.pid();
  }

  /** Waits until it has ended, but no longer than from one beat to the next. */
  boolean hasEnded() throws InterruptedException {
    return process.waitFor(Agreement.BEAT_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** As a shell has it: 128 and the signal when it was killed. It must have ended. */
  int code() {
    return process.exitValue();
  }

  /** Another with each beat; 0 before the first. */
  long beat() {
    return pulse.lastModified();
  }

  /** SIGTERM. */
  void askToEnd() {
    // That of the process itself closes the pipe first, and the server would end at once.
    boolean _ = process.toHandle().destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }
}
