package io.ossmount.cache.fs;

import io.ossmount.fuse.Attributes;
import java.time.Duration;

/** What a session's stat(2) shows of inodes. Thread-safe. */
final class View {
  private static final int PERMISSIONS = 07777;

  private final MountTree tree;
  private final SessionView session;

  View(MountTree tree, SessionView session) {
    this.tree = tree;
    this.session = session;
  }

  /** How the session reads and writes now. */
  Modes modes() {
    return session.modes().over(tree.options().modes());
  }

  Attributes of(Inode inode) {
    return switch (inode) {
      case FileInode file -> of(file);
      case DirectoryInode directory -> of(directory);
    };
  }

  private Attributes of(FileInode file) {
    synchronized (file) {
      int defaultMode = tree.options().files().fileMode();
      int mode = file.type() | (file.posix.mode().orElse(defaultMode) & PERMISSIONS);
      // Another session's writer makes it longer at any time.
      boolean unsteady = file.writers > 0 && tree.hasOtherSessions();
      return new Attributes(
          file.number(),
          file.size(),
          session.mode(mode),
          1,
          uid(file.posix),
          gid(file.posix),
          file.posix.accessed().orElse(file.modified),
          file.modified,
          file.changed,
          unsteady ? Duration.ZERO : tree.options().attributeTimeout());
    }
  }

  /** One link: so that find(1) does not take the number of links for that of sub-directories. */
  private Attributes of(DirectoryInode directory) {
    Posix posix = directory.posix();
    int mode =
        Attributes.DIRECTORY
            | (posix.mode().orElse(tree.options().files().directoryMode()) & PERMISSIONS);
    return new Attributes(
        directory.number(),
        0,
        session.mode(mode),
        1,
        uid(posix),
        gid(posix),
        posix.accessed().orElse(directory.modified()),
        directory.modified(),
        directory.modified(),
        tree.options().attributeTimeout());
  }

  private int uid(Posix posix) {
    return session.uid().orElseGet(() -> posix.uid().orElse(tree.options().files().uid()));
  }

  private int gid(Posix posix) {
    return session.gid().orElseGet(() -> posix.gid().orElse(tree.options().files().gid()));
  }
}
