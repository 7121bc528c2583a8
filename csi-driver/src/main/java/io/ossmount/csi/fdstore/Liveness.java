package io.ossmount.csi.fdstore;

import java.time.Duration;

/**
 * Whether a pod that answers Ping is well: when to ask, and when its silence has lasted too long.
 * An answer counts by when it came, whatever question it was to. Thread-safe; the time is an
 * argument, in nanoseconds.
 */
final class Liveness {
  /** How often it is asked. */
  static final Duration INTERVAL = Duration.ofSeconds(2);

  /** It hangs when it has been silent for so long. */
  static final Duration PATIENCE = Duration.ofSeconds(8);

  /** Who asks had stood still himself when he comes so late. */
  private static final Duration LATE = Duration.ofSeconds(4);

  private long heard;
  private long asked;
  private long looked;

  /** What to do. */
  enum Verdict {
    WAIT,
    ASK,
    HANGS
  }

  /** One that was heard of now. */
  Liveness(long now) {
    heard = now;
    looked = now;
    asked = now - INTERVAL.toNanos();
  }

  /** It has answered. */
  synchronized void heard(long now) {
    heard = now;
  }

  /** What to do now. */
  synchronized Verdict look(long now) {
    if (now - looked > LATE.toNanos()) {
      heard = now;
    }
    looked = now;
    if (now - heard > PATIENCE.toNanos()) {
      return Verdict.HANGS;
    }
    if (now - asked < INTERVAL.toNanos()) {
      return Verdict.WAIT;
    }
    asked = now;
    return Verdict.ASK;
  }
}
