package io.ossmount.cache.fs;

import io.ossmount.cache.block.BlockCache.CachedObject;

/**
 * A version that is kept readable while any reader is at work, also after its file has turned to
 * another one. Thread-safe.
 */
final class SharedSource {
  private final CachedObject object;
  private int users = 1;

  SharedSource(CachedObject object) {
    this.object = object;
  }

  CachedObject object() {
    return object;
  }

  /** One more reader, before the owner has given it up. */
  synchronized void retain() {
    users++;
  }

  /** One reader less, or the owner gives it up. */
  void release() {
    boolean last;
    synchronized (this) {
      users--;
      last = users == 0;
    }
    if (last) {
      object.close();
    }
  }
}
