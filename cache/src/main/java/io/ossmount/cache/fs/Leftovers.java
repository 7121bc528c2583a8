package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.StoreException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects that OSS may have made of new files, without an answer, and whose names went then. They
 * are deleted, at once or as soon as OSS is there, as long as this process lives. Until then such
 * an object is nobody else's version. Nor is what OSS may have made of a file whose name another
 * one has got since: that goes over it. At most {@value #MAX} wait. Thread-safe.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final int MAX = 10_000;

  private final MountTree tree;

  /** When names went of which OSS has not been told. */
  private final Map<String, Instant> gone = new ConcurrentHashMap<>();

  Leftovers(MountTree tree) {
    this.tree = tree;
  }

  /**
   * A name is gone that OSS may have; by who has locked it.
   *
   * @param waits whether OSS is asked first before that is left to the background
   * @throws StoreException OSS refuses to delete it, or is away and too much waits already
   */
  void delete(String key, boolean waits) {
    Instant now = tree.now();
    if (!waits && isLeftForLater(key, now)) {
      return;
    }
    try {
      tree.store().delete(key);
    } catch (StoreException e) {
      if (e.isRefusal() || !isLeftForLater(key, now)) {
        throw e;
      }
    }
  }

  private boolean isLeftForLater(String key, Instant at) {
    if (gone.size() >= MAX) {
      return false;
    }
    gone.put(key, at);
    boolean taken = tree.background().keepOn("delete", () -> deleteNow(key, at));
    if (!taken) {
      replaced(key);
    }
    return taken;
  }

  private void deleteNow(String key, Instant at) {
    try (var _ = tree.locks().lock(key)) {
      // Else something else was made under the name since.
      if (at.equals(gone.get(key))) {
        deleteLocked(key);
        replaced(key);
      }
    }
  }

  private void deleteLocked(String key) {
    try {
      if (tree.store().head(key).filter(this::isOne).isPresent()) {
        tree.store().delete(key);
      }
    } catch (StoreException e) {
      if (!e.isRefusal()) {
        throw e;
      }
      LOG.error("{} was removed or renamed, and stays in OSS: {}", key, e.getMessage());
    }
    tree.metadata().forget(key);
  }

  /** Another file has a name now, and goes over what OSS may have made of the one before. */
  void inherit(String key) {
    if (gone.size() < MAX) {
      gone.put(key, tree.now());
    }
  }

  /** Whether an object is what a name has left that is gone: not one that somebody made since. */
  boolean isOne(ObjectInfo found) {
    Instant at = gone.get(found.key());
    return at != null && !found.modified().isAfter(at);
  }

  /** Something else was made under a name. */
  void replaced(String key) {
    gone.remove(key);
  }
}
