package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Read mode None, for one session: what is read comes from OSS and is not kept, but for versions
 * that the cache has whole, which are read there. Thread-safe.
 */
final class UncachedReads implements AutoCloseable {
  /** By the ids of handles that were read from. */
  private final Map<Long, UncachedReader> readers = new ConcurrentHashMap<>();

  /** The version to read past the cache; empty: what was written here, or the cache, has it. */
  Optional<ObjectVersion> version(FileInode file) {
    synchronized (file) {
      boolean isElsewhere =
          file.staged == null && file.source != null && file.source.object().whole().isEmpty();
      return isElsewhere ? Optional.ofNullable(file.version) : Optional.empty();
    }
  }

  /** Whether the cache has all bytes of a file. */
  boolean isWhole(FileInode file) {
    ObjectVersion version;
    synchronized (file) {
      version = file.version;
      if (file.isLocal() || file.size() == 0) {
        return true;
      }
    }
    try (var object = file.tree().blocks().open(Objects.requireNonNull(version))) {
      return object.whole().isPresent();
    }
  }

  /** Reads past the cache, and waits for OSS. */
  int read(long handle, FileInode file, ObjectVersion version, long offset, MemorySegment into) {
    MountTree tree = file.tree();
    try {
      return readers
          .computeIfAbsent(handle, _ -> new UncachedReader(tree.store(), tree.blocks().ahead()))
          .read(version, offset, into);
    } catch (StoreException.NotFound | StoreException.VersionChanged e) {
      if (tree.reads().isShownAnew(file, new FileReads.Shown(version, null))) {
        return tree.reads().read(file, offset, into);
      }
      tree.metadata().forget(version.key());
      file.gone(version);
      throw new FuseException(Errno.ESTALE, String.valueOf(e.getMessage()));
    }
  }

  /** A handle is released: nobody reads from it any more. */
  void ended(long handle) {
    UncachedReader reader = readers.remove(handle);
    if (reader != null) {
      reader.close();
    }
  }

  /** The session is over. */
  @Override
  public void close() {
    readers.values().forEach(UncachedReader::close);
    readers.clear();
  }
}
