package io.ossmount.csi.volume;

import java.time.Duration;

/**
 * The moment by which an answer has to be there, by the clock that does not jump.
 *
 * @param nanoTime as of {@link System#nanoTime}
 */
public record Deadline(long nanoTime) {
  /** The moment {@code delay} from now. */
  public static Deadline after(Duration delay) {
    return new Deadline(System.nanoTime() + delay.toNanos());
  }

  /** What is left; zero when it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  /** Whether nothing is left. */
  public boolean hasPassed() {
    return nanoTime - System.nanoTime() <= 0;
  }

  /** This deadline, or the moment {@code most} from now if that is earlier. */
  public Deadline atMost(Duration most) {
    var other = after(most);
    return other.nanoTime - nanoTime < 0 ? other : this;
  }

  /** This deadline, earlier by {@code margin}. */
  public Deadline minus(Duration margin) {
    return new Deadline(nanoTime - margin.toNanos());
  }
}
