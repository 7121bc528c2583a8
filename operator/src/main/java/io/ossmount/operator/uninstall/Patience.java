package io.ossmount.operator.uninstall;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what others do. */
interface Patience {
  /**
   * Asks once a second.
   *
   * @return whether it came true within the limit
   */
  boolean until(BooleanSupplier claim, Duration limit) throws InterruptedException;

  /** Real time. */
  static Patience real() {
    return (claim, limit) -> {
      var end = System.nanoTime() + limit.toNanos();
      while (!claim.getAsBoolean()) {
        if (System.nanoTime() - end > 0) {
          return false;
        }
        Thread.sleep(Duration.ofSeconds(1));
      }
      return true;
    };
  }
}
