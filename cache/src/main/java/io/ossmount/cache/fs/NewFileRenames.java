package io.ossmount.cache.fs;

import io.ossmount.cache.fs.MetadataCache.Known;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Attempt;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renaming a file that OSS has never had: nothing is copied, it goes up under its new name; and
 * what the next server makes of that, who finds nothing of it in OSS. By who has locked both paths.
 * Thread-safe; methods wait.
 */
final class NewFileRenames {
  private static final Logger LOG = LoggerFactory.getLogger(NewFileRenames.class);

  private final MountTree tree;

  NewFileRenames(MountTree tree) {
    this.tree = tree;
  }

  /**
   * Ends what an earlier server did: the file has its new name here, and goes up. What is under the
   * old name is of an upload that nobody knows of.
   *
   * @return false: it did not come so far, or all of it is done
   */
  boolean end(String from, String to, Attempt attempt) {
    Optional<FileInode> moved =
        RenameNote.in(attempt)
            .filter(_ -> localFile(from).isEmpty())
            .flatMap(note -> localFile(to).filter(note::isOf));
    moved.ifPresent(file -> {
      tree.metadata().removed(from);
      goUp(file, from, to, mayBeMadeAs(file, from));
    });
    return moved.isPresent();
  }

  /**
   * Whether the file that an earlier server moved has gone up: what OSS has under the old name is
   * of an upload without an answer then, or somebody else's, and is not to go over it.
   */
  boolean isLeftOver(String from, String to, Attempt attempt) {
    boolean isLeftOver =
        RenameNote.in(attempt).filter(RenameNote::isMoved).isPresent()
            && localFile(from).isEmpty()
            && tree.remote().head(to).isPresent();
    if (isLeftOver) {
      LOG.warn("{} was renamed to {} and is still there", from, to);
    }
    return isLeftOver;
  }

  /**
   * Renames a file if OSS has never had it.
   *
   * @return false: OSS has it
   */
  boolean rename(FileInode file, String from, String to, Attempt attempt) {
    if (file.isNew() && localFile(to).isPresent() && !tree.async().isPending(file)) {
      // Under its old name first: what cannot go up must not take the name of what is to.
      tree.uploads().flushLocked(file);
    }
    if (!file.isNew()) {
      return false;
    }
    Optional<FileInode> inDoubt = tree.peekFile(to).filter(FileInode::isInDoubt);
    if (inDoubt.filter(FileInode::mayBeMade).isPresent()) {
      // Else what goes up later would take it for somebody else's version.
      tree.leftovers().delete(to, !tree.async().isPending(file));
    }
    synchronized (file) {
      tree.writes().abandonStream(file);
    }
    boolean mayBeMade = file.mayBeMade();
    boolean isAsked = attempt.noted().isPresent() || inDoubt.isPresent();
    Optional<ObjectVersion> replaced = isAsked ? found(to) : known(to);
    tree.metadata().removed(from);
    attempt.note(RenameNote.of(file, false).value());
    // The next server may find it under its new name before it is asked again.
    standOn(file, replaced);
    tree.move(from, to);
    attempt.note(RenameNote.of(file, true).value());
    goUp(file, from, to, mayBeMade);
    return true;
  }

  private static boolean mayBeMadeAs(FileInode file, String from) {
    synchronized (file) {
      return file.mayBeMade() || (file.staged != null && file.staged.mayBeMadeAs(from));
    }
  }

  /**
   * A file that has its new name goes up, or is promised under it.
   *
   * @param mayBeMade whether OSS may have it under the old one
   */
  private void goUp(FileInode file, String from, String to, boolean mayBeMade) {
    boolean isPending = tree.async().isPending(file);
    try {
      if (isPending) {
        promise(file);
      } else {
        wantAtItsName(file);
        tree.uploads().flushLocked(file);
      }
    } catch (RuntimeException e) {
      if (file.isLocal()) {
        standAlone(file, mayBeMade);
        tree.move(to, from);
      }
      throw e;
    }
    if (mayBeMade) {
      tree.leftovers().delete(from, !isPending);
    }
  }

  /** Its bytes are promised already. */
  private void promise(FileInode file) {
    try {
      tree.async().renamed(file);
    } catch (UncheckedIOException e) {
      LOG.warn(
          "The name of {} cannot be promised, so it goes up now: {}", file.key(), e.toString());
      tree.uploads().flushLocked(file);
    }
  }

  /** Who renames a file wants it there, whatever is there now. */
  private static void wantAtItsName(FileInode file) {
    synchronized (file) {
      file.leftBehind = file.leftBehind && file.promised;
    }
  }

  /** It goes over this, when it has the name of that. */
  private static void standOn(FileInode file, Optional<ObjectVersion> replaced) {
    synchronized (file) {
      file.version = replaced.orElse(null);
      file.truncated = replaced.isPresent();
      file.mayBeMade = false;
      file.noteIntent();
    }
  }

  /** It is new again. */
  private static void standAlone(FileInode file, boolean mayBeMade) {
    synchronized (file) {
      file.closeSource();
      file.version = null;
      file.truncated = false;
      file.mayBeMade |= mayBeMade;
      file.noteIntent();
    }
  }

  /** What is known here may be older: this node itself may have replaced that. */
  private Optional<ObjectVersion> found(String to) {
    try {
      return tree.remote().head(to).map(ObjectInfo::version);
    } catch (StoreException e) {
      LOG.debug("{} is renamed onto what is not known: {}", to, e.getMessage());
      tree.leftovers().inherit(to);
      return known(to);
    }
  }

  /** What OSS has at a file's new name, as far as it is known here. */
  private Optional<ObjectVersion> known(String to) {
    if (tree.peek(to).orElse(null) instanceof FileInode target) {
      synchronized (target) {
        return Optional.ofNullable(target.version);
      }
    }
    // It was just asked for; with a time-out of 0 nothing is fresh.
    return tree.metadata()
        .fresh(to)
        .or(() -> tree.metadata().latest(to))
        .flatMap(Known::file)
        .map(ObjectInfo::version);
  }

  private Optional<FileInode> localFile(String key) {
    return tree.peekFile(key).filter(FileInode::isLocal);
  }
}
