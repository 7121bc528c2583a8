package io.ossmount.cache.fs;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads of files: of what was written here, of the cache, of OSS. Thread-safe. Methods whose name
 * ends with "Now" never wait for OSS or for another operation, and say so when they would have to.
 */
final class FileReads {
  /** It would have to wait. */
  static final int MUST_WAIT = -1;

  private final MountTree tree;

  FileReads(MountTree tree) {
    this.tree = tree;
  }

  /** Reads what is at hand, or {@link #MUST_WAIT}. */
  int readNow(FileInode file, long offset, MemorySegment into) {
    StagedFile staged;
    SharedSource source;
    synchronized (file) {
      staged = file.staged;
      source = file.source;
      if (staged != null) {
        return staged.isLocal(offset, into.byteSize())
            ? staged.read(offset, into, Optional.empty())
            : MUST_WAIT;
      }
      if (source == null || offset >= file.size()) {
        return 0;
      }
      source.retain();
    }
    try {
      return source.object().readCached(offset, into);
    } finally {
      source.release();
    }
  }

  /**
   * Reads, and waits for what is not at hand; also for a rename, or a change of attributes, that
   * has taken away the version which it is about to give another name.
   *
   * @throws FuseException ESTALE: somebody else has replaced or removed it
   */
  int read(FileInode file, long offset, MemorySegment into) {
    while (true) {
      Shown shown = Shown.of(file);
      try {
        return readShown(file, offset, into);
      } catch (StoreException.NotFound | StoreException.VersionChanged e) {
        if (!isShownAnew(file, shown)) {
          throw gone(file, shown.version(), e);
        }
      }
    }
  }

  /** Where the bytes of a file are. */
  record Shown(@Nullable ObjectVersion version, @Nullable StagedFile staged) {
    static Shown of(FileInode file) {
      synchronized (file) {
        return new Shown(file.version, file.staged);
      }
    }
  }

  /** The same, by who may have locked the path: nothing is waited for but OSS. */
  int readLocked(FileInode file, long offset, MemorySegment into) {
    Shown shown = Shown.of(file);
    try {
      return readShown(file, offset, into);
    } catch (StoreException.NotFound | StoreException.VersionChanged e) {
      throw gone(file, shown.version(), e);
    }
  }

  /** Whether its bytes are elsewhere by now, when who is about to move them has done so. */
  boolean isShownAnew(FileInode file, Shown before) {
    return tree.locks()
        .with(
            file::key,
            _ -> {
              tree.uploads().attributes().settleLocked(file);
              return !Shown.of(file).equals(before);
            });
  }

  /** Its name is to be looked up again. */
  private FuseException gone(
      FileInode file, @Nullable ObjectVersion version, StoreException cause) {
    tree.metadata().forget(file.key());
    file.gone(version);
    return new FuseException(Errno.ESTALE, String.valueOf(cause.getMessage()));
  }

  private int readShown(FileInode file, long offset, MemorySegment into) {
    @Nullable StagedFile staged;
    @Nullable SharedSource source;
    synchronized (file) {
      staged = file.staged;
      source = file.source;
      if (staged == null && (source == null || offset >= file.size())) {
        return 0;
      }
      if (source != null) {
        source.retain();
      }
      if (staged != null) {
        staged.retain();
      }
    }
    try {
      Optional<CachedObject> base = Optional.ofNullable(source).map(SharedSource::object);
      return staged == null
          ? base.orElseThrow().read(offset, into)
          : staged.read(offset, into, base);
    } finally {
      if (staged != null) {
        staged.release();
      }
      if (source != null) {
        source.release();
      }
    }
  }
}
