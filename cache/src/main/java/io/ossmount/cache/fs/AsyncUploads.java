package io.ossmount.cache.fs;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.BackgroundWork;
import io.ossmount.cache.write.StagedFile;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Write mode Async: files whose close(2) was answered when their bytes were durable on the node's
 * disk. They go up in the background, some at a time, and are tried until OSS has them, by this
 * process or the next one; a file that somebody else has written meanwhile goes up beside that
 * ({@link Conflicts}). Thread-safe.
 *
 * <p>At most {@value #MAX_OBJECTS} files wait: who closes one more waits for OSS.
 */
final class AsyncUploads {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncUploads.class);

  /** Each has two files on the disk, and some memory. */
  static final int MAX_OBJECTS = 100_000;

  /** A promised file that a writer keeps open so long goes up all the same. */
  private static final Duration SWEEP = Duration.ofSeconds(5);

  private final MountTree tree;
  private final Conflicts conflicts;
  private final BackgroundWork work = new BackgroundWork();

  /** What waits, and since when. */
  private final Map<FileInode, Instant> since = new ConcurrentHashMap<>();

  /** What is about to go up; each is referenced. */
  private final Set<FileInode> queued = ConcurrentHashMap.newKeySet();

  private @Nullable Thread sweeper;
  private boolean isClosed;

  AsyncUploads(MountTree tree, String node) {
    this.tree = tree;
    this.conflicts = new Conflicts(tree, this, node);
  }

  /**
   * Returns when what was written to a file is durable on the disk, and bound to reach OSS.
   *
   * @return false: too much waits already; the caller waits for OSS
   * @throws UncheckedIOException the disk has failed
   */
  boolean promise(FileInode file) {
    Uploads.requireNotLost(file);
    if (!since.containsKey(file) && since.size() >= MAX_OBJECTS) {
      return false;
    }
    Optional<StagedFile> staged = tree.writes().stageDirty(file);
    if (staged.isPresent() && staged.get().promise()) {
      waits(file, staged.get(), tree.now());
    }
    return true;
  }

  /** A promise of this process, or of the one before. */
  void waits(FileInode file, StagedFile staged, Instant from) {
    synchronized (file) {
      if (!file.dirty || file.staged != staged) {
        return;
      }
      file.promised = true;
      since.putIfAbsent(file, from);
    }
    startSweeping();
  }

  private synchronized void startSweeping() {
    if (sweeper == null && !isClosed) {
      sweeper = Thread.ofVirtual().name("promised-files").start(this::sweep);
    }
  }

  /** Not all promised files have a last writer who goes. */
  private void sweep() {
    try {
      while (true) {
        Thread.sleep(SWEEP);
        Instant due = tree.now().minus(SWEEP);
        since.forEach((file, from) -> {
          if (!forgetDone(file) && from.isBefore(due)) {
            uploadLater(file);
          }
        });
      }
    } catch (InterruptedException e) {
      // The process ends: the next one finds them.
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a file was promised, and is still to go up. */
  boolean isPending(FileInode file) {
    synchronized (file) {
      return file.promised && file.dirty && !file.lost && !file.isDetached();
    }
  }

  /** Counts a file no more that does not wait; the file's lock comes before those of the map. */
  private boolean forgetDone(FileInode file) {
    synchronized (file) {
      if (isPending(file)) {
        return false;
      }
      since.remove(file);
      return true;
    }
  }

  /** Begins to upload a promised file without anybody waiting. */
  void uploadLater(FileInode file) {
    if (!queued.add(file)) {
      return;
    }
    tree.retain(file);
    if (!work.keepOn("upload", () -> upload(file))) {
      ended(file);
    }
  }

  private void upload(FileInode file) {
    if (isPending(file)) {
      try {
        tree.uploads().flush(file);
      } catch (StoreException.VersionChanged | StoreException.NotFound e) {
        conflicts.resolve(file);
        if (isPending(file)) {
          tree.uploads().flush(file);
        }
      }
    }
    forgetDone(file);
    file.closeUnused();
    queued.remove(file);
    // Its last writer may have gone after the upload had begun; without a reference, the file would
    // lose its name.
    if (!hasWriters(file) && isPending(file)) {
      uploadLater(file);
    }
    tree.release(file);
  }

  /** What an earlier process left, and somebody else has written since, gets a name of its own. */
  void keepBoth(FileInode file) {
    conflicts.resolve(file);
  }

  private static boolean hasWriters(FileInode file) {
    synchronized (file) {
      return file.writers > 0;
    }
  }

  private void ended(FileInode file) {
    queued.remove(file);
    tree.release(file);
  }

  /** A pending file that OSS has never had has another name: that has to outlive a power cut. */
  void renamed(FileInode file) {
    if (!promise(file)) {
      tree.uploads().flushLocked(file);
    }
  }

  /** What waits now. */
  PendingWrites pending() {
    long objects = 0;
    long bytes = 0;
    Instant oldest = Instant.MAX;
    for (Map.Entry<FileInode, Instant> waiting : since.entrySet()) {
      FileInode file = waiting.getKey();
      synchronized (file) {
        if (isPending(file) && file.staged != null) {
          objects++;
          bytes += file.staged.writtenBytes();
          oldest = waiting.getValue().isBefore(oldest) ? waiting.getValue() : oldest;
        }
      }
    }
    return new PendingWrites(
        objects,
        bytes,
        objects == 0 ? Optional.empty() : Optional.of(oldest),
        conflicts.count(),
        conflicts.last());
  }

  /** Begins no more uploads, and waits so long for those under way; the next process goes on. */
  void close(Duration patience) {
    synchronized (this) {
      isClosed = true;
      if (sweeper != null) {
        sweeper.interrupt();
      }
    }
    work.close(patience);
    long left = pending().objects();
    if (left > 0) {
      LOG.warn("{} files that were acknowledged are not in OSS yet: they go up later", left);
    }
  }
}
