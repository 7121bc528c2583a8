package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.Bell;
import io.ossmount.fuse.kernel.Epoll;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Shows that requests are taken: rings where the readers wait for them, and sees whether one comes.
 * Thread-safe.
 */
final class ReaderProbe implements AutoCloseable {
  /** Names the bell in the epoll; no session has so many predecessors. */
  static final long TOKEN = Long.MAX_VALUE;

  private final Bell bell = new Bell();
  private final Semaphore answers = new Semaphore(0);

  ReaderProbe(Epoll epoll) throws IOException {
    epoll.add(bell.descriptor(), TOKEN);
  }

  /** A reader has come. Never waits. */
  void answer() {
    bell.silence();
    answers.release();
  }

  /** Whether a reader comes within this time. */
  synchronized boolean ask(Duration patience) throws InterruptedException {
    answers.drainPermits();
    bell.ring();
    return answers.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    bell.close();
  }
}
