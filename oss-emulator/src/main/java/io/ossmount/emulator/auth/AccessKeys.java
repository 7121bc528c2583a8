package io.ossmount.emulator.auth;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The keys that are known now. Thread-safe; a change counts from the next request on. */
public final class AccessKeys {
  private final Map<String, AccessKey> keys = new ConcurrentHashMap<>();

  /** Adds a key or replaces the one with its id. */
  public void put(AccessKey key) {
    keys.put(key.id(), key);
  }

  /** Forgets a key; requests with it get InvalidAccessKeyId. */
  public void remove(String id) {
    keys.remove(id);
  }

  /**
   * Changes a key.
   *
   * @throws IllegalArgumentException there is no such key
   */
  public void change(String id, UnaryOperator<AccessKey> change) {
    if (keys.computeIfPresent(id, (_, key) -> change.apply(key)) == null) {
      throw new IllegalArgumentException("no access key " + id);
    }
  }

  /** Gives a key other rights. */
  public void setRights(String id, Rights rights) {
    change(id, key -> key.withRights(rights));
  }

  /** Switches a key off. */
  public void disable(String id) {
    change(id, key -> key.enabled(false));
  }

  /** Switches a key on. */
  public void enable(String id) {
    change(id, key -> key.enabled(true));
  }

  /** The key of that id. */
  public Optional<AccessKey> find(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  /** All, by id. */
  public List<AccessKey> all() {
    return keys.values().stream().sorted(Comparator.comparing(AccessKey::id)).toList();
  }
}
