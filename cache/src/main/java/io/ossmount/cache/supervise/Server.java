package io.ossmount.cache.supervise;

import java.io.File;
import java.util.concurrent.TimeUnit;

/** The server while it runs. */
final class Server {
  private final Process process;
  private final File pulse;
  private final int firstLooks;

  /** A process that was called, see {@link Spare}. */
  Server(Process process, File pulse, int firstLooks) {
    this.process = process;
    this.pulse = pulse;
    this.firstLooks = firstLooks;
  }

  /** Looks that its first beat may take. */
  int firstLooks() {
    return firstLooks;
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
