package io.ossmount.cache.fs;

import io.ossmount.cache.fs.Lookups.Found;
import io.ossmount.cache.fs.MountTable.Branch;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.util.Optional;

/**
 * What names of directories are, with the trees that a mount has at some of them. Thread-safe.
 *
 * <p>Only names are looked at here: an inode knows its tree, and everything else goes there.
 */
final class PathNames {
  private final MountShared mount;

  PathNames(MountShared mount) {
    this.mount = mount;
  }

  /** Answers if OSS need not be asked. */
  Optional<Found> findNow(DirectoryInode directory, String name) {
    requireThere(directory);
    return switch (mount.mounts().in(directory).get(name)) {
      case null -> directory.tree().lookups().findNow(directory, name);
      case Branch.Mount(MountTree tree) -> Optional.of(root(tree));
      case Branch.Missing _ -> throw new FuseException(Errno.EIO);
      case Branch.Way _ ->
          directory
              .tree()
              .lookups()
              .findNow(directory, name)
              .map(found -> way(found, directory, name));
    };
  }

  /** Answers, and asks OSS if it has to. */
  Found find(DirectoryInode directory, String name) {
    requireThere(directory);
    return switch (mount.mounts().in(directory).get(name)) {
      case null -> directory.tree().lookups().find(directory, name);
      case Branch.Mount(MountTree tree) -> root(tree);
      case Branch.Missing _ -> throw new FuseException(Errno.EIO);
      case Branch.Way _ -> findWay(directory, name);
    };
  }

  private static Found root(MountTree tree) {
    return new Found(tree.root(), tree.options().attributeTimeout());
  }

  /** Also when OSS does not answer: the trees behind it may be of another one. */
  private static Found findWay(DirectoryInode directory, String name) {
    try {
      return way(directory.tree().lookups().find(directory, name), directory, name);
    } catch (StoreException e) {
      return way(directory, name);
    }
  }

  private static Found way(Found found, DirectoryInode directory, String name) {
    if (found.inode() instanceof DirectoryInode) {
      return found;
    }
    if (found.inode() != null) {
      found.inode().release();
    }
    return way(directory, name);
  }

  private static Found way(DirectoryInode directory, String name) {
    MountTree tree = directory.tree();
    return new Found(
        tree.directory(directory.key() + name + "/"), tree.options().attributeTimeout());
  }

  /**
   * A name is to be made.
   *
   * @throws FuseException EEXIST: a mount needs it
   */
  void requireFree(DirectoryInode directory, String name) {
    requireThere(directory);
    if (isNeeded(directory, name)) {
      throw new FuseException(Errno.EEXIST);
    }
  }

  /**
   * A name is to be removed, or to mean something else.
   *
   * @throws FuseException EBUSY: a mount needs it
   */
  void requireUnneeded(DirectoryInode directory, String name) {
    requireThere(directory);
    if (isNeeded(directory, name)) {
      throw new FuseException(Errno.EBUSY);
    }
  }

  private boolean isNeeded(DirectoryInode directory, String name) {
    return mount.mounts().in(directory).containsKey(name);
  }

  /** The directory's tree is still somewhere, else ENOENT. */
  static void requireThere(DirectoryInode directory) {
    if (directory.tree().isRemoved()) {
      throw new FuseException(Errno.ENOENT);
    }
  }
}
