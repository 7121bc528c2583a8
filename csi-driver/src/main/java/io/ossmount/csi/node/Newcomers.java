package io.ossmount.csi.node;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Notices that somebody is there who was not when it was looked last: whatever failed before may
 * succeed now. Not thread-safe.
 *
 * @param <T> who comes; equal objects are the same one
 */
final class Newcomers<T> {
  private final Map<String, T> seen = new HashMap<>();

  /**
   * Looks again.
   *
   * @param name of what somebody is wanted for
   * @param present who is there now
   * @return whether that is another one than at the last look, or the first
   */
  boolean isNew(String name, Optional<T> present) {
    if (present.isEmpty()) {
      seen.remove(name);
      return false;
    }
    return !present.get().equals(seen.put(name, present.get()));
  }

  /** Forgets all but these names. */
  void keepOnly(Set<String> names) {
    seen.keySet().retainAll(names);
  }
}
