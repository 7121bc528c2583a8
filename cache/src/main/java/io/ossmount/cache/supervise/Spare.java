package io.ossmount.cache.supervise;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is to be a server: its process has started, and waits to be called. That is a good part of
 * what a start takes, and applications need not wait for it when it was done before.
 */
final class Spare {
  private final Process process;
  private final File pulse;

  private Spare(Process process, File pulse) {
    this.process = process;
    this.pulse = pulse;
  }

  /**
   * Starts it.
   *
   * @param pulse what it is to write to when it is the server
   */
  static Spare start(List<String> command, File pulse) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(Agreement.PULSE, pulse.getPath());
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new Spare(builder.start(), pulse);
  }

  /** Whether it can be called. */
  boolean isThere() {
    return process.isAlive();
  }

  /**
   * It is the server from now on. What an earlier one has left of its pulse is removed.
   *
   * @param firstLooks how many its first beat may take
   * @throws IOException it cannot be, and has ended
   */
  Server call(int restarts, int firstLooks) throws IOException {
    try {
      if (!pulse.delete() && pulse.exists()) {
        throw new IOException("cannot remove ".concat(pulse.getPath()));
      }
      say(Integer.toString(restarts).concat(String.valueOf(Agreement.END)));
      return new Server(process, pulse, firstLooks);
    } catch (IOException e) {
      drop();
      throw e;
    }
  }

  private void say(String text) throws IOException {
    // Stays open: its end is the supervisor's.
    OutputStream in = process.getOutputStream();
    in.write(text.getBytes(StandardCharsets.US_ASCII));
    in.flush();
  }

  /** SIGKILL: it is not needed any more, and has done nothing yet. */
  void drop() {
    process.destroyForcibly();
  }
}
