package io.ossmount.cache.supervise;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A loop of the server whose standing still means that the server hangs. It must {@link #beat} at
 * least every second while it has work, and {@link #rest} when it waits for some. What may rightly
 * take longer (a disk, the store, another process) is not a heart's work.
 *
 * <p>Belongs to one thread at a time; the pulse looks at it from another. A beat costs some
 * nanoseconds.
 */
public final class Heart {
  private final String name;

  /** Odd while at work. */
  private final AtomicLong moves = new AtomicLong();

  private long seen;
  private int stillFor;

  Heart(String name) {
    this.name = name;
  }

  /** It is at work, and has got on. */
  public void beat() {
    long now = moves.getPlain();
    moves.setRelease((now & 1) == 0 ? now + 1 : now + 2);
  }

  /** It waits for work, for as long as it takes. */
  public void rest() {
    long now = moves.getPlain();
    moves.setRelease((now & 1) == 0 ? now : now + 1);
  }

  String name() {
    return name;
  }

  /** The pulse looks, once a second: how many looks in a row it was at work and did not move. */
  int stillFor() {
    long now = moves.getAcquire();
    stillFor = (now & 1) == 1 && now == seen ? stillFor + 1 : 0;
    seen = now;
    return stillFor;
  }
}
