package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings attributes to OSS that were set of what is not about to be uploaded. Thread-safe; methods
 * wait, but for {@link #later}.
 */
final class AttributeSaves {
  private static final Logger LOG = LoggerFactory.getLogger(AttributeSaves.class);
  private static final Duration MERGE = Duration.ofMillis(200);

  private final MountTree tree;

  AttributeSaves(MountTree tree) {
    this.tree = tree;
  }

  /** Attributes were set: they are saved together with those that follow at once. */
  void later(Inode inode) {
    boolean first =
        switch (inode) {
          case DirectoryInode directory -> directory.startPending();
          case FileInode file -> startPending(file);
        };
    if (!first) {
      return;
    }
    tree.retain(inode);
    boolean taken =
        tree.background()
            .submit("attributes", MERGE, () -> saveAndEnd(inode), () -> givenUp(inode));
    if (!taken) {
      try {
        saveAndEnd(inode);
      } catch (RuntimeException e) {
        givenUp(inode);
        throw e;
      }
    }
  }

  private void saveAndEnd(Inode inode) {
    save(inode);
    tree.release(inode);
  }

  /** They were not saved, and are not tried again before some are set again: those go up then. */
  private void givenUp(Inode inode) {
    switch (inode) {
      case DirectoryInode directory -> {
        boolean _ = directory.takePending();
      }
      case FileInode file -> {
        synchronized (file) {
          file.attributesPending = false;
        }
      }
    }
    tree.release(inode);
  }

  private static boolean startPending(FileInode file) {
    synchronized (file) {
      boolean first = !file.attributesPending;
      file.attributesPending = true;
      file.changed();
      return first;
    }
  }

  /** Saves attributes that were set, if there are any. */
  void save(Inode inode) {
    var _ =
        tree.locks()
            .with(
                inode::key,
                key -> {
                  saveLocked(inode);
                  return key;
                });
  }

  /** The same, by who has locked the path. */
  void saveLocked(Inode inode) {
    switch (inode) {
      case FileInode file -> saveLocked(file);
      case DirectoryInode directory -> saveLocked(directory);
    }
  }

  /**
   * Finds out whether attributes that are to be saved are saved already, and nobody was told.
   *
   * @throws StoreException that cannot be found out now
   */
  void settleLocked(FileInode file) {
    try {
      saveLocked(file);
    } catch (StoreException.NotFound | StoreException.VersionChanged e) {
      LOG.debug("The attributes of {} are not saved: {}", file.key(), e.getMessage());
    }
  }

  private void saveLocked(DirectoryInode directory) {
    if (!directory.isDetached() && directory.takePending()) {
      try {
        tree.changes().putMarker(directory.key(), directory.posix());
        directory.saved();
      } catch (StoreException e) {
        directory.startPending();
        throw e;
      }
    }
  }

  private void saveLocked(FileInode file) {
    ObjectVersion version;
    Posix posix;
    synchronized (file) {
      version = file.version;
      posix = file.posix;
      if (!file.attributesPending || file.dirty || version == null || file.isDetached()) {
        return;
      }
    }
    ObjectInfo made = copyOntoItself(file, version, posix);
    tree.metadata().remember(made, posix);
    tree.metadata().written(made);
    synchronized (file) {
      file.attributesPending = !file.posix.equals(posix);
      if (!made.version().equals(version)) {
        file.replaceVersion(tree.blocks(), made, tree.metadata().now());
      }
      file.verifiedAt = tree.metadata().now();
      file.changed();
    }
  }

  private ObjectInfo copyOntoItself(FileInode file, ObjectVersion version, Posix posix) {
    if (file.type() == io.ossmount.fuse.Attributes.SYMLINK) {
      String target = Symlinks.target(tree.store(), version);
      return Symlinks.put(tree.store(), file.key(), target, posix);
    }
    var metadata = new ObjectMetadata(Optional.empty(), posix.toUser());
    try {
      return tree.store().copy(version, file.key(), Optional.of(metadata));
    } catch (StoreException.VersionChanged e) {
      return tree.remote()
          .head(file.key())
          .filter(found -> isCopy(found, version, posix))
          .orElseThrow(() -> e);
    }
  }

  /**
   * Whether a server that was killed, or did not get the answer, has made it: a copy that took more
   * than one request has an ETag of its own.
   */
  private static boolean isCopy(ObjectInfo found, ObjectVersion version, Posix posix) {
    return found.size() == version.size()
        && posix.modified().isPresent()
        && found.user().map(Posix::of).equals(Optional.of(posix));
  }
}
