package io.ossmount.chaos.cluster;

import io.ossmount.chaos.fault.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Tells the moment when a process has ended: kubelet ends it some time after that was asked for,
 * and what is under way then waits for the next one.
 */
final class EndOfProcess implements AutoCloseable {
  private final Thread watcher;

  private EndOfProcess(Thread watcher) {
    this.watcher = watcher;
  }

  /** Watches from now on, until {@link #close}. */
  static EndOfProcess tells(long pid, Moment moment) {
    var process = Path.of("/proc", Long.toString(pid));
    return new EndOfProcess(Thread.ofPlatform().daemon().start(() -> watch(process, moment)));
  }

  private static void watch(Path process, Moment moment) {
    try {
      while (Files.exists(process)) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      moment.now();
    } catch (InterruptedException _) {
      // It lives.
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
