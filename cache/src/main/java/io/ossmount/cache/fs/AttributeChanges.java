package io.ossmount.cache.fs;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.SetAttributes;
import java.util.Optional;

/** What SETATTR does, but for the size. */
final class AttributeChanges {
  private static final int PERMISSIONS = 07777;

  private AttributeChanges() {}

  static boolean isEmpty(SetAttributes changes) {
    return changes.mode().isEmpty()
        && changes.uid().isEmpty()
        && changes.gid().isEmpty()
        && changes.accessed().isEmpty()
        && changes.modified().isEmpty();
  }

  /** Whether the object's user metadata has to be asked for, so that the rest of it stays. */
  static boolean mustAsk(Inode inode) {
    if (!(inode instanceof FileInode file)) {
      return false;
    }
    synchronized (file) {
      return !file.posixKnown;
    }
  }

  /** Changes an inode whose metadata are known; OSS hears of it with the next upload, or soon. */
  static void apply(Inode inode, SetAttributes changes) {
    boolean save =
        switch (inode) {
          case FileInode file -> apply(file, changes);
          case DirectoryInode directory -> apply(directory, changes);
        };
    if (save && !inode.isDetached()) {
      inode.tree().uploads().attributes().later(inode);
    }
  }

  private static boolean apply(FileInode file, SetAttributes changes) {
    synchronized (file) {
      // The rest goes up as it shows: a copy of the object would else be younger than its bytes.
      Posix kept = file.dirty ? file.posix : file.posix.withModified(Optional.of(file.modified));
      file.posix = changed(kept, changes, file.type());
      file.modified = file.posix.modified().orElse(file.modified);
      file.changed = file.tree().now();
      if (file.promised) {
        // Nobody may close it again before it goes up.
        file.intend();
      }
      file.changed();
      return !file.dirty || file.busy;
    }
  }

  private static boolean apply(DirectoryInode directory, SetAttributes changes) {
    synchronized (directory) {
      directory.setPosix(changed(directory.posix(), changes, Attributes.DIRECTORY));
      return true;
    }
  }

  private static Posix changed(Posix before, SetAttributes changes, int type) {
    Posix after = before;
    if (changes.mode().isPresent()) {
      after = after.withMode(type | (changes.mode().getAsInt() & PERMISSIONS));
    }
    if (changes.uid().isPresent()) {
      after = after.withUid(changes.uid().getAsInt());
    }
    if (changes.gid().isPresent()) {
      after = after.withGid(changes.gid().getAsInt());
    }
    if (changes.accessed().isPresent()) {
      after = after.withAccessed(changes.accessed().get());
    }
    return changes.modified().isPresent() ? after.withModified(changes.modified()) : after;
  }
}
