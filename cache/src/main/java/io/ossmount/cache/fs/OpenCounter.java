package io.ossmount.cache.fs;

import java.util.concurrent.atomic.LongAdder;

/** Counts how files are opened, in all sessions of a mount. Thread-safe. */
final class OpenCounter {
  private final LongAdder passthrough = new LongAdder();
  private final LongAdder cached = new LongAdder();

  /** A file was opened. */
  void opened(boolean isPassthrough) {
    (isPassthrough ? passthrough : cached).increment();
  }

  OpenCounts counts() {
    return new OpenCounts(passthrough.sum(), cached.sum());
  }
}
