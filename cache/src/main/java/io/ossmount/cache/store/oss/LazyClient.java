package io.ossmount.cache.store.oss;

import com.aliyun.oss.OSS;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client of the SDK, made by the first call: that takes a tenth of a second of a processor, and
 * applications that wait for a mount's next process need not wait for it. Thread-safe.
 */
final class LazyClient implements AutoCloseable {
  private final Supplier<OSS> maker;
  private volatile @Nullable OSS made;

  @GuardedBy("this")
  private boolean isClosed;

  LazyClient(Supplier<OSS> maker) {
    this.maker = maker;
  }

  /**
   * Makes it, or returns what was made.
   *
   * @throws IllegalStateException it was closed before it was needed
   */
  OSS get() {
    OSS known = made;
    return known == null ? make() : known;
  }

  private synchronized OSS make() {
    OSS known = made;
    if (known == null) {
      if (isClosed) {
        throw new IllegalStateException("the store is closed");
      }
      known = maker.get();
      made = known;
    }
    return known;
  }

  /** Ends it and its connections. Idempotent. */
  @Override
  public synchronized void close() {
    isClosed = true;
    OSS known = made;
    if (known != null) {
      known.shutdown();
    }
  }
}
