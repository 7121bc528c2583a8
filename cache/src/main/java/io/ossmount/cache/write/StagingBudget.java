package io.ossmount.cache.write;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that staging files may take, those of several areas together. Thread-safe. */
public final class StagingBudget {
  private volatile long capacityBytes;
  private final AtomicLong used = new AtomicLong();

  /** A budget of so many bytes, 0 or more. */
  public StagingBudget(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  /** Takes {@code bytes}; false when so much is not left. */
  boolean reserve(long bytes) {
    long before = used.get();
    while (before + bytes <= capacityBytes) {
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = used.get();
    }
    return false;
  }

  /** Takes what has to be on the disk, also when there is no room for it. */
  void take(long bytes) {
    used.addAndGet(bytes);
  }

  /** Gives {@code bytes} back. */
  void free(long bytes) {
    used.addAndGet(-bytes);
  }

  /** Bytes that staging files take now. */
  public long usedBytes() {
    return used.get();
  }

  /** Other bounds from now on; what is there stays. */
  void capacityBytes(long bytes) {
    capacityBytes = bytes;
  }

  /** Most bytes that they may take. */
  public long capacityBytes() {
    return capacityBytes;
  }
}
