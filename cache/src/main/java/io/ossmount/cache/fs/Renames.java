package io.ossmount.cache.fs;

import io.ossmount.cache.fs.MetadataCache.Known;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.StagedFile;
import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renaming, which OSS does not have: the objects are copied inside the bucket and the old ones are
 * then deleted. Thread-safe; methods wait.
 *
 * <p><b>What a crash leaves.</b> Of a file: for a moment the object is there under both names, and
 * a crash then leaves both, whole. Of a directory: all objects are copied first, {@value
 * TreeMoves#PARALLEL} at a time, and deleted after that. A crash while it copies leaves the old
 * directory whole and a part of it under the new name; a crash while it deletes leaves the new
 * directory whole and a part of the old one. Above {@value TreeMoves#CHUNK} objects that holds for
 * each so many of them. No object is ever missing under both names. The next server of the session
 * is asked again, and goes on; so it stays like that only when there is none. OSS may delete for
 * the killed server only then, but only what was copied: so what has its copy is not uploaded under
 * the old name any more. An error takes back what was copied, but not of a rename that goes on:
 * nobody knows what is deleted of it already.
 *
 * <p>Others may see the states in between. A program that relies on rename being atomic between
 * nodes must not rely on this one.
 */
final class Renames {
  private static final Logger LOG = LoggerFactory.getLogger(Renames.class);

  private final MountTree tree;
  private final TreeMoves moves;
  private final NewFileRenames newFiles;

  Renames(MountTree tree) {
    this.tree = tree;
    this.moves = new TreeMoves(tree);
    this.newFiles = new NewFileRenames(tree);
  }

  /**
   * What something is to be called.
   *
   * @param noReplace fails when there is something of this name
   */
  record Wanted(DirectoryInode parent, String segment, boolean noReplace) {
    String path() {
      return parent.key() + segment;
    }
  }

  /**
   * Renames a file or directory. What an earlier server has begun goes on: what is under the new
   * name is taken for a copy of its own.
   */
  void rename(Inode inode, Wanted wanted, Attempt attempt) {
    while (!tryRename(inode, wanted, attempt)) {
      Thread.onSpinWait();
    }
  }

  /** False: somebody renamed one of them meanwhile. */
  private boolean tryRename(Inode inode, Wanted wanted, Attempt attempt) {
    String from = inode.key();
    String path = wanted.path();
    String to = Keys.isDirectory(from) ? path + "/" : path;
    try (var _ = tree.locks().lock(from, to)) {
      if (!inode.key().equals(from) || !wanted.path().equals(path)) {
        return false;
      }
      if (inode.isDetached() || wanted.parent.isDetached()) {
        throw new FuseException(Errno.ENOENT);
      }
      if (from.equals(to)) {
        return true;
      }
      NameChanges.requireKey(to);
      boolean goesOn = attempt.noted().isPresent();
      if (!goesOn) {
        requireTarget(inode, from, to, path, wanted.noReplace);
        attempt.note(NameChanges.BEGUN);
      }
      if (newFiles.end(from, to, attempt) || newFiles.isLeftOver(from, to, attempt)) {
        return true;
      }
      switch (inode) {
        case FileInode file -> renameFile(file, from, to, attempt, goesOn);
        case DirectoryInode _ -> renameDirectory(from, to, goesOn);
      }
      return true;
    }
  }

  /**
   * Ends what an earlier server did, who left nothing under the old name.
   *
   * @param from the old name, without a slash at its end
   * @return false: there is nothing under the new name either
   */
  boolean end(String from, Wanted wanted, Attempt attempt) {
    String to = wanted.path();
    try (var _ = tree.locks().lock(from, to)) {
      if (newFiles.end(from, to, attempt)) {
        return true;
      }
      Known target = tree.remote().ask(to);
      boolean directory = tree.peek(from + "/").isPresent() || target.file().isEmpty();
      if (directory && target.directory()) {
        movedTree(from + "/", to + "/", Map.of(), true);
        return true;
      }
      target.file().ifPresent(copy -> movedFile(from, copy));
      return target.file().isPresent();
    }
  }

  private void requireTarget(Inode inode, String from, String to, String path, boolean noReplace) {
    // Not what is known but what is: it may be meant as a lock.
    boolean taken =
        noReplace && (tree.changes().isNewFile(path) || !tree.remote().probe(path).isNothing());
    if (taken) {
      throw new FuseException(Errno.EEXIST);
    }
    boolean directory = inode instanceof DirectoryInode;
    if (directory && to.startsWith(from)) {
      throw new FuseException(Errno.EINVAL);
    }
    Known target = tree.changes().known(path);
    if (directory) {
      boolean file = target.file().isPresent() || tree.changes().isNewFile(path);
      if (file && !target.directory()) {
        throw new FuseException(Errno.ENOTDIR);
      }
      tree.changes().requireEmpty(to);
    } else if (target.directory()) {
      throw new FuseException(Errno.EISDIR);
    }
  }

  private void renameFile(FileInode file, String from, String to, Attempt attempt, boolean goesOn) {
    Optional<FileInode> target = tree.peekFile(to);
    // Those who have the target open go on with what it was.
    target.ifPresent(tree.changes()::keepForReaders);
    if (!newFiles.rename(file, from, to, attempt)) {
      renameOld(file, from, to, goesOn);
    }
    target.ifPresent(this::forget);
  }

  /** What was promised under the name must not have it again after a loss of power. */
  private void forget(FileInode target) {
    tree.changes().forgetBytes(target);
    Optional<StagedFile> open;
    synchronized (target) {
      if (!target.promised) {
        return;
      }
      open = Optional.ofNullable(target.staged);
    }
    try {
      open.ifPresentOrElse(StagedFile::forceJournal, tree.staging()::force);
    } catch (UncheckedIOException e) {
      LOG.warn("{} may go up after a loss of power: {}", target.key(), e.getMessage());
    }
  }

  private void renameOld(FileInode file, String from, String to, boolean goesOn) {
    Optional<ObjectInfo> made = goesOn ? copied(file, to) : Optional.empty();
    if (made.isEmpty()) {
      tree.uploads().flushLocked(file);
    }
    ObjectVersion version;
    Posix posix;
    boolean known;
    synchronized (file) {
      version = Objects.requireNonNull(file.version);
      posix = file.posix;
      known = file.posixKnown;
    }
    ObjectInfo copy = copy(file, version, to, posix, made);
    tree.changes().keepDirectory(from);
    tree.store().delete(from);
    if (known) {
      tree.metadata().remember(copy, posix);
    }
    movedFile(from, copy);
    if (tree.async().isPending(file)) {
      tree.async().renamed(file);
    }
    tree.dropBytes(version);
  }

  /**
   * The copy that the killed server has made of the version that a file shows. OSS may delete the
   * original at any time. What was written since goes up under the new name.
   */
  private Optional<ObjectInfo> copied(FileInode file, String to) {
    ObjectVersion version;
    synchronized (file) {
      version = Objects.requireNonNull(file.version);
    }
    return tree.remote()
        .head(to)
        .filter(found -> isSame(found, version) || hasSameSum(found, version));
  }

  private static boolean isSame(ObjectInfo found, ObjectVersion version) {
    return found.size() == version.size() && found.version().etag().equals(version.etag());
  }

  /** A copy that took more than one request has an ETag of its own. */
  private boolean hasSameSum(ObjectInfo found, ObjectVersion version) {
    return found.crc64().isPresent()
        && tree.remote()
            .head(version.key())
            .filter(original -> isSame(original, version))
            .flatMap(ObjectInfo::crc64)
            .equals(found.crc64());
  }

  /** Nothing is left of a file's old name. */
  private void movedFile(String from, ObjectInfo copy) {
    tree.metadata().written(copy);
    tree.leftovers().replaced(copy.key());
    tree.metadata().removed(from);
    if (tree.peek(from).isPresent() || !isShown(copy)) {
      tree.move(from, copy.key());
    }
    tree.peekFile(copy.key())
        .ifPresent(file -> file.replaceVersion(tree.blocks(), copy, tree.metadata().now()));
  }

  /** A file in use that shows this has its new name already: from the server that was killed. */
  private boolean isShown(ObjectInfo copy) {
    if (tree.peek(copy.key()).orElse(null) instanceof FileInode file) {
      synchronized (file) {
        return file.version != null && isSame(copy, file.version);
      }
    }
    return false;
  }

  /**
   * Copies a file.
   *
   * @param made what there is of it already, for the case that the original is deleted now
   */
  private ObjectInfo copy(
      FileInode file, ObjectVersion version, String to, Posix posix, Optional<ObjectInfo> made) {
    try {
      if (file.type() == Attributes.SYMLINK) {
        String target = Symlinks.target(tree.store(), version);
        return Symlinks.put(tree.store(), to, target, posix);
      }
      return tree.store().copy(version, to, Optional.empty());
    } catch (StoreException.NotFound | StoreException.VersionChanged e) {
      if (made.isPresent() && e instanceof StoreException.NotFound) {
        return made.get();
      }
      // The kernel looks the name up again, and then asks once more, or says that it is gone.
      tree.metadata().forget(version.key());
      throw new FuseException(Errno.ESTALE, String.valueOf(e.getMessage()));
    }
  }

  private void renameDirectory(String from, String to, boolean goesOn) {
    TreeMoves.Move move = new TreeMoves.Move(from, to, goesOn);
    for (Inode inode : tree.at(from)) {
      if (!(inode instanceof FileInode file)) {
        tree.uploads().attributes().saveLocked(inode);
      } else if (!goesOn || file.isNew() || copied(file, move.target(inode.key())).isEmpty()) {
        tree.uploads().flushLocked(file);
      }
    }
    tree.changes().keepDirectory(from);
    Set<String> inUse = new HashSet<>();
    tree.at(from).forEach(inode -> inUse.add(inode.key()));
    movedTree(from, to, moves.move(move, inUse), goesOn);
  }

  /**
   * Nothing is left of a directory's old name.
   *
   * @param goesOn whether what is in use may have its new name already, or a part of it: from the
   *     server that was killed
   */
  private void movedTree(String from, String to, Map<String, ObjectInfo> copies, boolean goesOn) {
    tree.metadata().removedTree(from);
    tree.metadata().removedTree(to);
    tree.metadata().made(to, false);
    if (goesOn) {
      tree.moveRest(from, to);
    } else {
      tree.move(from, to);
    }
    for (Inode inode : tree.at(to)) {
      if (inode instanceof FileInode file) {
        copy(file, copies)
            .ifPresent(copy -> file.replaceVersion(tree.blocks(), copy, tree.metadata().now()));
      }
    }
  }

  /** What a file in use was copied to: by this server, or by the one before. */
  private Optional<ObjectInfo> copy(FileInode file, Map<String, ObjectInfo> copies) {
    ObjectInfo copy = copies.get(file.key());
    synchronized (file) {
      boolean isThere = file.version == null || file.version.key().equals(file.key());
      if (copy != null || isThere) {
        return Optional.ofNullable(copy);
      }
    }
    return tree.remote().head(file.key());
  }
}
