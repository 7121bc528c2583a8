package io.ossmount.cache.supervise;

import java.io.File;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has the next server ready, as far as it may be: one {@link Spare} at a time. One thread keeps it
 * and takes it; any may close this.
 */
final class Spares {
  private final List<String> command;
  private final File pulse;
  private final Notes notes;

  // Guarded by this.
  private @Nullable Spare spare;
  private boolean isClosed;

  Spares(List<String> command, File pulse, Notes notes) {
    this.command = command;
    this.pulse = pulse;
    this.notes = notes;
  }

  /** Starts one if none is there. */
  void keep() {
    if (isOneThere()) {
      return;
    }
    try {
      // Nobody waits for a lock meanwhile: a slow disk may take its time.
      keep(Spare.start(command, pulse));
    } catch (IOException e) {
      notes.warn("no spare can be started: ".concat(String.valueOf(e.getMessage())));
    }
  }

  /**
   * The next server: the spare, or one that is started now.
   *
   * @throws IOException it cannot be started
   */
  Server next(int restarts) throws IOException {
    Spare ready = take();
    if (ready != null && ready.isThere()) {
      try {
        return ready.call(restarts, PulseWatch.SPARE_LOOKS);
      } catch (IOException e) {
        notes.warn("the spare cannot be called: ".concat(String.valueOf(e.getMessage())));
      }
    }
    return Spare.start(command, pulse).call(restarts, PulseWatch.FIRST_LOOKS);
  }

  /** Ends what there is. Nothing is kept from now on. */
  synchronized void close() {
    isClosed = true;
    Spare now = spare;
    if (now != null) {
      now.drop();
    }
  }

  private synchronized boolean isOneThere() {
    Spare now = spare;
    return now != null && now.isThere();
  }

  private synchronized void keep(Spare started) {
    if (isClosed) {
      started.drop();
    } else {
      spare = started;
    }
  }

  private synchronized @Nullable Spare take() {
    Spare now = spare;
    spare = null;
    return now;
  }
}
