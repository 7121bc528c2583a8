package io.ossmount.cache;

import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.StoreException;

/** Who watches what is asked of stores. Thread-safe. */
interface StoreRequests {
  /** The same store, each of whose requests is counted. */
  ObjectStore counted(ObjectStore store);

  /** A call has failed for good, with all retries. */
  void failed(StoreException failure);
}
