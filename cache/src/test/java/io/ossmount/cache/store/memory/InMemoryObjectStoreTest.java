package io.ossmount.cache.store.memory;

import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStoreContract;

class InMemoryObjectStoreTest extends ObjectStoreContract {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @Override
  protected ObjectStore store() {
    return store;
  }
}
