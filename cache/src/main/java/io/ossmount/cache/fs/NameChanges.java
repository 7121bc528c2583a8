package io.ossmount.cache.fs;

import io.ossmount.cache.fs.MetadataCache.Known;
import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.write.StagingFullException;
import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Making and removing of names. Thread-safe; methods wait for OSS, and for those who change the
 * same names. Renaming is in {@link Renames}.
 *
 * <p>A directory is the marker object {@code dir/}, or just keys that begin so. When the last file
 * of one without a marker is removed here, the marker is written first, so that the directory does
 * not vanish with it.
 */
final class NameChanges {
  private static final Logger LOG = LoggerFactory.getLogger(NameChanges.class);

  /** An open file that is removed is fetched up to this size, so that it can be read on. */
  static final long KEEP_BYTES = 1L << 30;

  /**
   * Is noted of a request when nothing speaks against it any more: it will be done. So whoever
   * finds this noted takes what he finds done for a part of it.
   */
  static final long BEGUN = 1;

  private final MountTree tree;

  NameChanges(MountTree tree) {
    this.tree = tree;
  }

  /** What a path is now: what is known, else what OSS says. */
  Known known(String path) {
    if (Keys.bytes(path) > Keys.MAX_BYTES) {
      throw new FuseException(Errno.ENAMETOOLONG);
    }
    return tree.metadata().fresh(path).orElseGet(() -> tree.remote().ask(path));
  }

  /** Whether a path is anything, in OSS or here. */
  boolean exists(String path) {
    return isNewFile(path) || !known(path).isNothing();
  }

  /** Whether a path is a file that was changed here and not uploaded yet. */
  boolean isNewFile(String path) {
    return tree.peek(path)
        .filter(inode -> inode instanceof FileInode file && file.isLocal())
        .isPresent();
  }

  /** Makes a file, which OSS does not have until it is uploaded; references it. */
  FileInode create(DirectoryInode parent, String segment, Posix posix, Attempt attempt) {
    return making(
        parent,
        segment,
        attempt,
        key -> {
          requireKey(key);
          attempt.note(BEGUN);
          return tree.add(new FileInode(tree, key, posix, tree.now()));
        });
  }

  /**
   * Makes something with a new name in a directory. What an earlier server has begun to make is
   * made again, in the place of what may be there of it.
   */
  private <T> T making(
      DirectoryInode parent, String segment, Attempt attempt, Function<String, T> work) {
    return tree.locks()
        .with(
            () -> parent.key() + segment,
            path -> {
              if (parent.isDetached()) {
                throw new FuseException(Errno.ENOENT);
              }
              if (attempt.noted().isEmpty() && exists(path)) {
                throw new FuseException(Errno.EEXIST);
              }
              T made = work.apply(path);
              parent.childrenChanged(tree.now());
              return made;
            });
  }

  /** OSS takes no other keys. */
  static void requireKey(String key) {
    if (Keys.bytes(key) > Keys.MAX_BYTES) {
      throw new FuseException(Errno.ENAMETOOLONG);
    }
    if (Keys.segment(key).isEmpty() || key.startsWith("\\")) {
      throw new FuseException(Errno.EINVAL);
    }
  }

  /** Makes a symbolic link; references it. */
  FileInode symlink(
      DirectoryInode parent, String segment, String target, Posix posix, Attempt attempt) {
    if (target.isEmpty() || Keys.bytes(target) > Symlinks.MAX_TARGET_BYTES) {
      throw new FuseException(Errno.ENAMETOOLONG);
    }
    return making(
        parent,
        segment,
        attempt,
        key -> {
          requireKey(key);
          attempt.note(BEGUN);
          ObjectInfo made = Symlinks.put(tree.store(), key, target, posix);
          tree.metadata().remember(made, posix);
          tree.metadata().written(made);
          tree.leftovers().replaced(key);
          return tree.file(made, tree.metadata().now());
        });
  }

  /** Makes a directory; references it. */
  DirectoryInode mkdir(DirectoryInode parent, String segment, Posix posix, Attempt attempt) {
    return making(
        parent,
        segment,
        attempt,
        path -> {
          String key = path + "/";
          requireKey(key);
          attempt.note(BEGUN);
          putMarker(key, posix);
          tree.metadata().made(key, attempt.noted().isEmpty());
          DirectoryInode made = tree.directory(key);
          made.setMarked(true);
          made.setPosix(posix);
          return made;
        });
  }

  /** Writes a directory's marker object. */
  void putMarker(String directory, Posix posix) {
    if (directory.isEmpty()) {
      return;
    }
    var metadata = new ObjectMetadata(Optional.empty(), posix.toUser());
    var nothing = new Content.OfBuffer(ByteBuffer.allocate(0));
    tree.metadata().remember(tree.store().put(directory, nothing, metadata), posix);
  }

  /** Removes a file; those who have it open go on. */
  void unlink(DirectoryInode parent, FileInode file, Attempt attempt) {
    removing(
        parent,
        file,
        key -> {
          attempt.note(BEGUN);
          remove(file);
        });
  }

  /** An earlier server removed what had this key: what is in use of it here has no name now. */
  void forgetRemoved(DirectoryInode parent, String key) {
    try (var _ = tree.locks().lock(key)) {
      tree.metadata().removed(key);
      tree.peek(key)
          .ifPresent(inode -> {
            tree.detach(inode);
            if (inode instanceof FileInode file) {
              forgetBytes(file);
            }
          });
      tree.left().removed(key);
      parent.childrenChanged(tree.now());
    }
  }

  /** Removes something that has a name. */
  private void removing(DirectoryInode parent, Inode inode, Consumer<String> work) {
    boolean done =
        tree.locks()
            .with(
                inode::key,
                key -> {
                  if (inode.isDetached()) {
                    return false;
                  }
                  work.accept(key);
                  parent.childrenChanged(tree.now());
                  return true;
                });
    if (!done) {
      throw new FuseException(Errno.ENOENT);
    }
  }

  /** Removes a file, by who has locked its path. */
  private void remove(FileInode file) {
    String key = file.key();
    if (!file.isNew()) {
      keepForReaders(file);
      keepDirectory(key);
      tree.store().delete(key);
    } else if (file.mayBeMade()) {
      tree.leftovers().delete(key, !tree.async().isPending(file));
    }
    tree.metadata().removed(key);
    tree.detach(file);
    forgetBytes(file);
  }

  /** Readers go on with what was fetched; who can not be fetched is removed all the same. */
  void keepForReaders(FileInode file) {
    try {
      tree.kept().keepForReaders(file, KEEP_BYTES);
    } catch (StoreException | FuseException | StagingFullException | UncheckedIOException e) {
      LOG.warn("{} is removed while it is read: {}", file.key(), e.getMessage());
    }
  }

  /** What was written to a file without a name is dropped with its last descriptor. */
  void forgetBytes(FileInode file) {
    synchronized (file) {
      tree.writes().abandonStream(file);
      tree.kept().discardUnused(file);
      file.closeUnused();
      if (file.version != null) {
        tree.dropBytes(file.version);
      }
    }
  }

  /** A child is about to be removed: sees to it that its directory stays. */
  void keepDirectory(String child) {
    String directory = Keys.parent(child);
    boolean known =
        directory.equals(tree.options().prefix())
            || tree.metadata().hasOther(directory, child)
            || tree.peek(directory).filter(NameChanges::isMarked).isPresent();
    if (known) {
      return;
    }
    ListPage first = tree.store().list(directory, true, Optional.empty(), 3);
    boolean stays =
        Stream.concat(first.directories().stream(), first.objects().stream().map(ObjectInfo::key))
            .anyMatch(key -> !key.equals(child));
    if (!stays) {
      putMarker(directory, tree.metadata().directoryPosix(directory).orElse(Posix.NOTHING));
    }
    boolean marked =
        !stays || first.objects().stream().anyMatch(object -> object.key().equals(directory));
    tree.peek(directory)
        .filter(DirectoryInode.class::isInstance)
        .map(DirectoryInode.class::cast)
        .ifPresent(inode -> inode.setMarked(inode.isMarked() || marked));
  }

  private static boolean isMarked(Inode inode) {
    return inode instanceof DirectoryInode directory && directory.isMarked();
  }

  /** Removes an empty directory. */
  void rmdir(DirectoryInode parent, DirectoryInode directory, Attempt attempt) {
    removing(
        parent,
        directory,
        key -> {
          requireEmpty(key);
          attempt.note(BEGUN);
          keepDirectory(key);
          tree.store().delete(key);
          tree.metadata().removed(key);
          tree.detach(directory);
        });
  }

  /** Fails with ENOTEMPTY when OSS has anything below a directory, or a new file is here. */
  void requireEmpty(String directory) {
    boolean used =
        !tree.newFiles(directory, "", Optional.empty()).isEmpty()
            || tree.store().list(directory, false, Optional.empty(), 2).objects().stream()
                .anyMatch(object -> !object.key().equals(directory));
    if (used) {
      throw new FuseException(Errno.ENOTEMPTY);
    }
  }
}
