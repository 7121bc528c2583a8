package io.ossmount.cache.store;

import java.time.Duration;

/**
 * What a mount never asks of its store, and a test of one does. All methods wait for the network;
 * all failures are {@link StoreException}s. Thread-safe.
 */
public interface StoreProbe {
  /**
   * How far the clock of the store is ahead of this machine's, negative if it is behind; by what
   * the store says of the time in any answer, so in whole seconds. Needs no credentials.
   */
  Duration clockDifference();

  /**
   * Writes an object, unless there is one of this key.
   *
   * @return whether it was written
   */
  boolean putNew(String key, Content content);

  /** Whether a GET that wants any other version than this one says that there is none. */
  boolean isUnchanged(ObjectVersion version);
}
