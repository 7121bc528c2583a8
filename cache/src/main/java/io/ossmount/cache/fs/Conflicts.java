package io.ossmount.cache.fs;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.StagedFile;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that were promised, or that an earlier process left, and whose objects somebody else has
 * replaced or removed before they went up. Neither version is lost: the other one keeps the name,
 * and the bytes of this node get the key that {@link ConflictName} says. Where they stand on a
 * version that cannot be had any more, they are kept in the staging directory. Thread-safe; methods
 * wait.
 */
final class Conflicts {
  private static final Logger LOG = LoggerFactory.getLogger(Conflicts.class);

  private final MountTree tree;
  private final AsyncUploads uploads;
  private final String node;
  private final AtomicLong count = new AtomicLong();
  private final AtomicReference<PendingWrites.@Nullable Conflict> last = new AtomicReference<>();

  Conflicts(MountTree tree, AsyncUploads uploads, String node) {
    this.tree = tree;
    this.uploads = uploads;
    this.node = node;
  }

  long count() {
    return count.get();
  }

  Optional<PendingWrites.Conflict> last() {
    return Optional.ofNullable(last.get());
  }

  /**
   * Gives a file another key, under which it can be uploaded, or sets it aside.
   *
   * @throws StoreException what its bytes stand on cannot be asked for now
   */
  void resolve(FileInode file) {
    String from = file.key();
    Instant now = tree.now();
    String to = ConflictName.of(from, node, now);
    try (var _ = tree.locks().lock(from, to)) {
      Optional<StagedFile> staged = begin(file, from);
      if (staged.isEmpty()) {
        return;
      }
      try {
        tree.kept().makeWhole(file, staged.get());
        if (staged.get().isPromised()) {
          // What it stands on cannot be had under its new name.
          boolean _ = staged.get().promise();
        }
      } catch (StoreException.VersionChanged | StoreException.NotFound e) {
        file.idle();
        tree.uploads().giveUp(file);
        report(new PendingWrites.Conflict(from, aside(staged.get()), now));
        return;
      } catch (RuntimeException e) {
        file.idle();
        throw e;
      }
      move(file, from, to);
      report(new PendingWrites.Conflict(from, to, now));
    }
  }

  private static String aside(StagedFile staged) {
    return "staging/aside/" + staged.name();
  }

  private Optional<StagedFile> begin(FileInode file, String key) {
    synchronized (file) {
      file.awaitIdle();
      boolean isLate = uploads.isPending(file) || file.isLateReplacement();
      if (!file.key().equals(key) || !isLate) {
        return Optional.empty();
      }
      Optional<StagedFile> staged = tree.writes().stageDirty(file);
      if (staged.isPresent()) {
        tree.writes().abandonStream(file);
        file.busy = true;
      }
      return staged;
    }
  }

  private void move(FileInode file, String from, String to) {
    synchronized (file) {
      file.version = null;
      file.truncated = false;
      file.leftBehind = false;
      file.idle();
      file.generation++;
    }
    tree.metadata().forget(from);
    tree.move(from, to);
    synchronized (file) {
      file.intend();
    }
    boolean _ = uploads.promise(file);
    tree.everyoneLooksAgain();
  }

  private void report(PendingWrites.Conflict conflict) {
    count.incrementAndGet();
    last.set(conflict);
    LOG.error(
        "{} was replaced or removed elsewhere before it was uploaded: what was written here is {}",
        conflict.key(),
        conflict.kept());
  }
}
