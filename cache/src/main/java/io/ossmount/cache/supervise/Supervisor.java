package io.ossmount.cache.supervise;

import java.io.File;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a server running. One that ends with 0 was meant to, and one that was told to end is not
 * started again; any other is, at once, unless it has ended too often, see {@link RestartLimit}.
 * One that hangs, see {@link PulseWatch}, is killed first. There are never two: the next is called
 * when the kernel has said that the last is gone. Its process is there before that, see {@link
 * Spare}, once a server has run for a while.
 */
final class Supervisor {
  private static final int KILLED_BY = 128;
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;

  /** Looks at a server after which it leaves the processors to the start of a spare. */
  private static final int LOOKS_UNTIL_SPARE = 8;

  /** Looks until it is seen whether the spare is still there; one that was killed may be again. */
  private static final int LOOKS_AT_SPARE = 60;

  /** As a shell says that it cannot start something. */
  private static final int CANNOT_START = 127;

  private final Notes notes;
  private final Spares spares;
  private final Orphans orphans = new Orphans();
  private final RestartLimit limit = new RestartLimit();

  // Guarded by this.
  private @Nullable Server server;
  private boolean isEnding;

  Supervisor(List<String> command, File pulse, Notes notes) {
    this.notes = notes;
    this.spares = new Spares(command, pulse, notes);
  }

  /**
   * Runs the server until it is not to be started again.
   *
   * @return what the supervisor is to exit with
   */
  int run() throws InterruptedException {
    try {
      return runAgainAndAgain();
    } finally {
      spares.close();
    }
  }

  private int runAgainAndAgain() throws InterruptedException {
    int restarts = 0;
    while (true) {
      int code = runOnce(restarts);
      if (isMeant(code)) {
        notes.info("the server has ended");
        return 0;
      }
      if (isEnding()) {
        notes.warn(said("the server was told to end and ended with ", code, ""));
        return code;
      }
      if (limit.isReached(System.nanoTime())) {
        notes.error(said("the server ended with ", code, ", again: giving up"));
        return code;
      }
      restarts++;
      notes.warn(
          said("the server ended with ", code, said(": starting it again, time ", restarts)));
    }
  }

  /** Tells the server to end. From now on none is started. From any thread. */
  synchronized void end() {
    isEnding = true;
    spares.close();
    Server now = server;
    if (now != null) {
      notes.info("told to end: telling the server");
      now.askToEnd();
    }
  }

  private synchronized boolean isEnding() {
    return isEnding;
  }

  /** A JVM that was told to end by a signal exits as if the signal had killed it. */
  private boolean isMeant(int code) {
    return code == 0 || (isEnding() && (code == KILLED_BY + SIGTERM || code == KILLED_BY + SIGINT));
  }

  private int runOnce(int restarts) throws InterruptedException {
    Server started;
    try {
      started = start(restarts);
    } catch (IOException e) {
      notes.error("the server cannot be started: ".concat(String.valueOf(e.getMessage())));
      return CANNOT_START;
    }
    return started == null ? 0 : watch(started);
  }

  /** Null: it is not to be started any more. */
  private synchronized @Nullable Server start(int restarts) throws IOException {
    if (isEnding) {
      return null;
    }
    server = spares.next(restarts);
    return server;
  }

  private int watch(Server running) throws InterruptedException {
    PulseWatch watch = new PulseWatch(running.firstLooks());
    boolean isKilled = false;
    for (int looks = 1; !running.hasEnded(); looks++) {
      int _ = orphans.reap();
      if (looks % LOOKS_AT_SPARE == LOOKS_UNTIL_SPARE) {
        spares.keep();
      }
      // Once: what SIGKILL does not end, waits for a disk, and will end when that answers.
      if (!isKilled && watch.isStill(running.beat())) {
        notes.error(said("the server hangs: killing process ", (int) running.pid()));
        running.kill();
        isKilled = true;
      }
    }
    return running.code();
  }

  private static String said(String before, int number) {
    return said(before, number, "");
  }

  private static String said(String before, int number, String after) {
    return before.concat(Integer.toString(number)).concat(after);
  }
}
