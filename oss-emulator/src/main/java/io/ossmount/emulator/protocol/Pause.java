package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.HangUp;
import java.time.Duration;

/** Waits of injected faults. */
final class Pause {
  private Pause() {}

  static void of(Duration duration) throws HangUp {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HangUp(true);
    }
  }
}
