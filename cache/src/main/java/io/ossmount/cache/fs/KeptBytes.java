package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.StagingFullException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an open file needs when its name goes away: its bytes, as OSS will not have them. Ends with
 * the last who has it open. Thread-safe.
 */
final class KeptBytes {
  private final MountTree tree;

  KeptBytes(MountTree tree) {
    this.tree = tree;
  }

  /**
   * The name of an open file goes away: fetches what is not here, so that its readers can go on.
   * Only up to {@code limit} bytes; beyond, they get ESTALE for what is not here.
   *
   * @throws StagingFullException neither the cache has room for it nor the staging area
   */
  void keepForReaders(FileInode file, long limit) {
    if (!file.isOpen() || file.isNew() || file.size() > limit) {
      return;
    }
    MemorySegment buffer = MemorySegment.ofArray(new byte[1 << 20]);
    for (long at = 0; at < file.size(); at += buffer.byteSize()) {
      int count = tree.reads().readLocked(file, at, buffer);
      if (count <= 0) {
        return;
      }
    }
    @Nullable ObjectVersion version = FileReads.Shown.of(file).version();
    if (version != null && tree.blocks().cachedBytes(version) < version.size()) {
      keepStaged(file);
    }
  }

  /** What the cache has no room for is kept where that is which was written. */
  private void keepStaged(FileInode file) {
    StagedFile staged;
    synchronized (file) {
      file.awaitIdle();
      if (file.lost || file.truncated || file.source == null) {
        return;
      }
      staged = tree.writes().stage(file);
      if (!file.dirty) {
        // OSS has it under its name, as long as that is there.
        staged.unnamed();
      }
      file.busy = true;
    }
    try {
      makeWhole(file, staged);
    } finally {
      synchronized (file) {
        file.idle();
        discardUnused(file);
      }
    }
  }

  /**
   * Copies what is not here of a file that is busy, so that it can do without OSS.
   *
   * @throws StoreException it cannot be had
   */
  void makeWhole(FileInode file, StagedFile staged) {
    @Nullable SharedSource source;
    synchronized (file) {
      source = file.source;
      if (source != null) {
        source.retain();
      }
    }
    try {
      staged.makeWhole(Optional.ofNullable(source).map(SharedSource::object));
    } finally {
      if (source != null) {
        source.release();
      }
    }
  }

  /** Nobody may need what was written to a file without a name, or copied of one that OSS has. */
  void discardUnused(FileInode file) {
    synchronized (file) {
      if (file.opens == 0 && !file.busy && (file.isDetached() || !file.dirty)) {
        discard(file);
      }
    }
  }

  static void discard(FileInode file) {
    if (file.mayBeClaimed) {
      return;
    }
    if (file.staged != null) {
      file.staged.discard();
      file.staged = null;
    }
    file.closeUnused();
  }
}
