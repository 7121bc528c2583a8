package io.ossmount.chaos;

import java.util.ArrayDeque;
import java.util.Deque;

/** Ends what was started, the last first, once: at the end of a run or at Ctrl-C. Thread-safe. */
final class Cleanup implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private boolean isClosed;

  /** Keeps a part to be closed; closes it at once when that has begun. */
  synchronized <T extends AutoCloseable> T keep(T part) {
    if (isClosed) {
      close(part);
    } else {
      parts.push(part);
    }
    return part;
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    while (!parts.isEmpty()) {
      close(parts.pop());
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      System.err.println("at the end: " + e);
    }
  }
}
