package io.ossmount.cache.fs;

import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of uploads, in all trees of a mount. Thread-safe. */
final class UploadCounter {
  private final LongAdder done = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder setAside = new LongAdder();

  void done() {
    done.increment();
  }

  void failed() {
    failed.increment();
  }

  void setAside() {
    setAside.increment();
  }

  void setAside(long files) {
    setAside.add(files);
  }

  UploadCounts counts() {
    return new UploadCounts(done.sum(), failed.sum(), setAside.sum());
  }
}
