package io.ossmount.chaos.scene;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A signal that can be sent at once: the program that sends it runs already, which takes some
 * milliseconds on a machine with much to do. Not thread-safe.
 */
public final class Signal implements AutoCloseable {
  /** {@code kill} is a part of the shell. */
  private static final String SCRIPT =
      "name=$1; shift; echo ready; read -r go && kill -s \"$name\" \"$@\"";

  private static final String READY = "ready";
  private static final int PATIENCE_SECONDS = 10;

  private final List<Long> pids;
  private final Process shell;

  private Signal(List<Long> pids, Process shell) {
    this.pids = pids;
    this.shell = shell;
  }

  /**
   * Prepares one.
   *
   * @param name without SIG
   * @param pids of all processes that are to get it, at once
   */
  public static Signal ready(String name, List<Long> pids) throws IOException {
    var command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh", name));
    pids.forEach(pid -> command.add(Long.toString(pid)));
    var shell = new ProcessBuilder(command).redirectErrorStream(true).start();
    var signal = new Signal(List.copyOf(pids), shell);
    var said = shell.inputReader(StandardCharsets.UTF_8).readLine();
    if (!READY.equals(said)) {
      signal.close();
      throw new IOException("no shell for a signal: " + said);
    }
    return signal;
  }

  /** The same for one process. */
  public static Signal ready(String name, long pid) throws IOException {
    return ready(name, List.of(pid));
  }

  /**
   * Sends it.
   *
   * @throws IOException one of the processes is not there
   */
  public void send() throws IOException, InterruptedException {
    try (var input = shell.getOutputStream()) {
      input.write('\n');
    }
    if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || shell.exitValue() != 0) {
      throw new IOException("no signal to " + pids);
    }
  }

  @Override
  public void close() {
    shell.destroyForcibly();
  }
}
