package io.ossmount.cache.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Whether somebody who gave no answer is to be asked again: not for a while, and then by one alone,
 * so that not everybody waits for who may be silent still. Thread-safe.
 */
final class Silence {
  /** No shorter than anybody waits for an answer. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  private final LongSupplier nanos;

  /** When it is tried again; empty: there is no silence. */
  @GuardedBy("this")
  private OptionalLong until = OptionalLong.empty();

  /** None yet. */
  Silence(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Somebody has waited in vain. */
  synchronized void begins() {
    until = OptionalLong.of(nanos.getAsLong() + PAUSE.toNanos());
  }

  /** Something was heard. */
  synchronized void ends() {
    until = OptionalLong.empty();
  }

  /** Whether asking is no use now. */
  synchronized boolean lasts() {
    return until.isPresent() && nanos.getAsLong() - until.getAsLong() < 0;
  }

  /** Whether the caller may ask. Who does so in a silence keeps others from it meanwhile. */
  synchronized boolean mayAsk() {
    if (lasts()) {
      return false;
    }
    if (until.isPresent()) {
      begins();
    }
    return true;
  }
}
