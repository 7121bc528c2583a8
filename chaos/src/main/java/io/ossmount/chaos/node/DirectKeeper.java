package io.ossmount.chaos.node;

import io.ossmount.chaos.scene.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the server again as soon as it has ended, from this process. Thread-safe. */
final class DirectKeeper implements ServerKeeper {
  /** One that ends as soon as it is started is started so often, and no more. */
  private static final int MOST_STARTS_IN_A_ROW = 10;

  private static final long LONG_ENOUGH_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Launch launch;
  private Child child;
  private boolean isHeld;
  private boolean isClosed;
  private int starts;
  private int shortLives;
  private long startedAt;

  /** Starts a process. */
  interface Launch {
    Child start() throws IOException;
  }

  DirectKeeper(Launch launch) throws IOException {
    this.launch = launch;
    this.child = launch();
  }

  @Override
  public synchronized long pid() {
    return child.pid();
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of("server", pid());
  }

  @Override
  public synchronized void hold() {
    isHeld = true;
  }

  @Override
  public synchronized void resume() {
    isHeld = false;
    startAgain();
  }

  @Override
  public synchronized int starts() {
    return starts;
  }

  @Override
  public void close() {
    Child last;
    synchronized (this) {
      isClosed = true;
      last = child;
    }
    last.close();
  }

  private Child launch() throws IOException {
    starts++;
    startedAt = System.nanoTime();
    var started = launch.start();
    started.onEnd(this::startAgain);
    return started;
  }

  private synchronized void startAgain() {
    if (isHeld || isClosed || child.isAlive() || shortLives > MOST_STARTS_IN_A_ROW) {
      return;
    }
    shortLives = System.nanoTime() - startedAt < LONG_ENOUGH_NANOS ? shortLives + 1 : 0;
    try {
      child = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
