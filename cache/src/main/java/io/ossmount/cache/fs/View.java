package io.ossmount.cache.fs;

import io.ossmount.fuse.Attributes;
import java.time.Duration;
import java.util.function.Supplier;

/** What a session's stat(2) shows of inodes. Thread-safe. */
final class View {
  private static final int PERMISSIONS = 07777;

  private final SessionView session;
  private final Supplier<Modes> ofMount;

  /**
   * As a session sees inodes.
   *
   * @param ofMount how who says nothing reads and writes
   */
  View(SessionView session, Supplier<Modes> ofMount) {
    this.session = session;
    this.ofMount = ofMount;
  }

  /** How the session reads and writes now. */
  Modes modes() {
    return session.modes().over(ofMount.get());
  }

  Attributes of(Inode inode) {
    return switch (inode) {
      case FileInode file -> of(file);
      case DirectoryInode directory -> of(directory);
    };
  }

  private Attributes of(FileInode file) {
    MountTree tree = file.tree();
    MountOptions options = tree.options();
    synchronized (file) {
      int defaultMode = options.files().fileMode();
      int mode = file.type() | (file.posix.mode().orElse(defaultMode) & PERMISSIONS);
      // Another session's writer makes it longer at any time.
      boolean unsteady = file.writers > 0 && tree.shared().hasOtherSessions();
      return new Attributes(
          file.number(),
          file.size(),
          session.mode(mode),
          1,
          uid(file.posix, options),
          gid(file.posix, options),
          file.posix.accessed().orElse(file.modified),
          file.modified,
          file.changed,
          unsteady ? Duration.ZERO : options.attributeTimeout());
    }
  }

  /** One link: so that find(1) does not take the number of links for that of sub-directories. */
  private Attributes of(DirectoryInode directory) {
    Posix posix = directory.posix();
    MountOptions options = directory.tree().options();
    int mode =
        Attributes.DIRECTORY | (posix.mode().orElse(options.files().directoryMode()) & PERMISSIONS);
    return new Attributes(
        directory.number(),
        0,
        session.mode(mode),
        1,
        uid(posix, options),
        gid(posix, options),
        posix.accessed().orElse(directory.modified()),
        directory.modified(),
        directory.modified(),
        options.attributeTimeout());
  }

  private int uid(Posix posix, MountOptions options) {
    return session.uid().orElseGet(() -> posix.uid().orElse(options.files().uid()));
  }

  private int gid(Posix posix, MountOptions options) {
    return session.gid().orElseGet(() -> posix.gid().orElse(options.files().gid()));
  }
}
