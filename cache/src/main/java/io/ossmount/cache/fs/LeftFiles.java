package io.ossmount.cache.fs;

import io.ossmount.cache.serve.SessionsToCome;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.Orphan;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.cache.write.Uploader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files with bytes that an earlier process had not uploaded when it ended. They have their
 * names again before the first session begins, so that no session sees what OSS has in their place.
 * Thread-safe.
 *
 * <p>Those whose last writer was gone, or that were promised, are uploaded at once. The others wait
 * for the sessions that had them open: these come one after the other, and share them. What no
 * session has claimed when none comes any more is kept aside: half a file must not go over a whole
 * one.
 */
final class LeftFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeftFiles.class);

  private final MountTree tree;
  private final Uploader uploader;

  /** By the names of their staging files; each is referenced as long as it is here. */
  private final Map<String, FileInode> byName = new ConcurrentHashMap<>();

  private volatile @Nullable Thread waiting;

  LeftFiles(MountTree tree, Uploader uploader) {
    this.tree = tree;
    this.uploader = uploader;
  }

  /** Takes them up; not uploaded are those that no session claims of those that come. */
  void find(SessionsToCome sessions) {
    tree.shared().uploads().setAside(tree.staging().setAsideAtOpen());
    Collection<Orphan> orphans = tree.staging().orphans();
    Map<String, String> successors = new HashMap<>();
    orphans.forEach(
        orphan -> orphan.successor().ifPresent(by -> successors.put(orphan.name(), by)));
    Set<String> named = new HashSet<>(successors.values());
    for (Orphan orphan : orphans) {
      if (!successors.containsKey(orphan.name())) {
        take(orphan, named.contains(orphan.name()), sessions.areAwaited());
      }
    }
    successors.forEach(
        (name, by) -> Optional.ofNullable(byName.get(by)).ifPresent(file -> keep(name, file)));
    if (!orphans.isEmpty()) {
      LOG.info("{} files with bytes that were not uploaded go on", byName.size());
    }
    Thread thread = Thread.ofVirtual().name("left-files").unstarted(() -> await(sessions));
    waiting = thread;
    thread.start();
  }

  private void await(SessionsToCome sessions) {
    endUploads();
    try {
      if (!byName.isEmpty()) {
        sessions.await();
      }
      end();
      endUploads();
    } catch (InterruptedException e) {
      // The process ends: the next one finds them.
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for no session any more; what is unclaimed is left to the next process. */
  @Override
  public void close() {
    Thread thread = waiting;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void keep(String name, FileInode file) {
    tree.retain(file);
    byName.put(name, file);
  }

  private void take(Orphan orphan, boolean isNamed, boolean isAwaited) {
    if (orphan.made().isPresent()) {
      keep(orphan.name(), uploaded(orphan.key(), orphan.made().get()));
      return;
    }
    try {
      Optional<StagedFile> staged = tree.staging().resume(orphan.name());
      if (staged.isPresent()) {
        if (isNamed) {
          staged.get().renamed(orphan.key());
        }
        goOn(staged.get(), isAwaited);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.error("{} cannot be gone on with", orphan.key(), e);
    }
  }

  /** OSS has it, and nobody was told. */
  private FileInode uploaded(String key, ObjectVersion made) {
    return new FileInode(tree, key, made, Posix.NOTHING, Instant.EPOCH);
  }

  /**
   * Goes on with a file.
   *
   * @param isAwaited whether a session may come that had it open
   */
  private void goOn(StagedFile staged, boolean isAwaited) throws IOException {
    Instant written = Files.getLastModifiedTime(staged.path()).toInstant();
    FileInode file = new FileInode(tree, staged, written);
    // A promise holds whether a session comes or not.
    boolean isClosed = staged.isClosed() || staged.isPromised();
    // One to which nothing was written yet may be no file's at all.
    boolean isShown =
        file.dirty
            && staged.isNamed()
            && (isClosed || isAwaited)
            && tree.peek(file.key()).isEmpty();
    synchronized (file) {
      file.unclaimed = !(isShown && isClosed);
      file.mayBeClaimed = true;
      if (staged.base().isPresent()) {
        file.openSource(tree.blocks());
      }
    }
    // A process that is killed before they all came leaves them to find what OSS has made of it.
    staged.keepJournal(isAwaited);
    keep(staged.name(), file);
    if (!isShown) {
      return;
    }
    tree.release(tree.add(file));
    if (staged.isCompleting()) {
      goOnUploading(file, staged, written);
      return;
    }
    waits(file, staged, written);
    if (isClosed) {
      tree.uploads().flushLater(file);
    }
  }

  private void waits(FileInode file, StagedFile staged, Instant written) {
    if (staged.isPromised()) {
      tree.async().waits(file, staged, written);
    }
  }

  /**
   * Somebody waited for the upload, or it was nobody's who would write on: it goes on at once, and
   * nothing is written before it is known what became of it. The path is locked before the file is
   * busy, as everywhere, and before others may want to upload it.
   */
  private void goOnUploading(FileInode file, StagedFile staged, Instant written) {
    boolean isClosed = staged.isClosed() || staged.isPromised();
    PathLocks.Held held = tree.locks().lock(file.key());
    synchronized (file) {
      file.busy = true;
    }
    waits(file, staged, written);
    tree.retain(file);
    Thread.ofVirtual()
        .name("left-upload")
        .start(() -> {
          try (held) {
            tree.uploads().goOn(file);
          } catch (RuntimeException e) {
            // Whoever waits for it asks again.
            LOG.warn("{} is not uploaded: {}", file.key(), e.getMessage());
          }
          // Without a reference in between: else it would lose its name.
          if (isClosed) {
            tree.uploads().flushLater(file);
          }
          tree.release(file);
        });
  }

  /**
   * The file that has what is in a staging file; referenced.
   *
   * @param isDetached whether its name had gone
   * @param isDirty whether it had not gone up as it was
   * @return empty: there is no such staging file any more
   */
  Optional<FileInode> claim(String name, boolean isDetached, boolean isDirty) {
    FileInode file = byName.get(name);
    if (file == null) {
      return Optional.empty();
    }
    synchronized (file) {
      // A new file is to go up also when nothing was written to it.
      file.dirty |= isDirty && file.staged != null;
    }
    FileInode claimed = tree.restore(file, isDetached);
    if (claimed == file) {
      synchronized (file) {
        file.unclaimed = false;
      }
    }
    return Optional.of(claimed);
  }

  /** An earlier server has removed what had a name: also a file that no session has claimed yet. */
  void removed(String key) {
    byName.values().stream()
        .filter(file -> file.key().equals(key) && !isNamed(file))
        .forEach(tree::detach);
  }

  private static boolean isNamed(FileInode file) {
    synchronized (file) {
      return file.staged == null || file.staged.isNamed();
    }
  }

  boolean isUnclaimed(FileInode file) {
    synchronized (file) {
      return file.unclaimed && file.opens == 0;
    }
  }

  /** No session comes any more. */
  private void end() {
    Map<String, FileInode> all = Map.copyOf(byName);
    byName.clear();
    Set.copyOf(all.values()).forEach(this::endUnclaimed);
    all.values()
        .forEach(file -> {
          synchronized (file) {
            file.mayBeClaimed = false;
            if (file.staged != null) {
              file.staged.keepJournal(false);
            }
          }
          tree.kept().discardUnused(file);
          file.closeUnused();
          tree.release(file);
        });
    tree.staging().orphans().forEach(orphan -> tree.staging().setAside(orphan.name()));
  }

  private void endUploads() {
    try {
      uploader.endLeftUploads(tree.staging());
    } catch (StoreException e) {
      LOG.warn("An upload of a process that ended is left to the next one: {}", e.getMessage());
    }
  }

  private void endUnclaimed(FileInode file) {
    var _ =
        tree.locks()
            .with(
                file::key,
                key -> {
                  if (isUnclaimed(file)) {
                    file.awaitIdle();
                    endUnclaimedLocked(file);
                  }
                  return key;
                });
  }

  private void endUnclaimedLocked(FileInode file) {
    Optional<StagedFile> staged;
    synchronized (file) {
      staged = Optional.ofNullable(file.staged);
      file.unclaimed = false;
    }
    if (staged.isEmpty()) {
      return;
    }
    staged.get().keepJournal(false);
    boolean isWanted = file.dirty && !file.isDetached() && !isMade(staged.get());
    if (isWanted) {
      tree.uploads().giveUp(file);
    } else {
      tree.detach(file);
      synchronized (file) {
        file.staged = null;
        file.dirty = false;
        file.lost = true;
      }
      staged.get().discard();
    }
  }

  /** Ends its uploads; whether OSS has it. */
  private boolean isMade(StagedFile staged) {
    try {
      return uploader.settle(staged).isPresent();
    } catch (StoreException e) {
      LOG.warn("An upload of {} is left to the next process: {}", staged.key(), e.getMessage());
      return false;
    }
  }
}
