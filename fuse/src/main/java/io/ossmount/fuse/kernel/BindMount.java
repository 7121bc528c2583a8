package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Shows a directory, or a mount, at a second place. Needs CAP_SYS_ADMIN. Reaches no FUSE server,
 * even when source or target is a FUSE mount.
 */
public final class BindMount {
  private BindMount() {}

  /**
   * What the second place allows, whatever the first one does. Always {@code nosuid,nodev}.
   *
   * @param readOnly writing through it is refused
   * @param executable false: {@code noexec}
   * @param accessTimes false: {@code noatime}
   */
  public record Options(boolean readOnly, boolean executable, boolean accessTimes) {
    /** Writable, executable, without access times. */
    public static final Options WRITABLE = new Options(false, true, false);

    /** Read-only, executable, without access times. */
    public static final Options READ_ONLY = new Options(true, true, false);

    private long flags() {
      return MountFlags.NOSUID
          | MountFlags.NODEV
          | (readOnly ? MountFlags.RDONLY : 0)
          | (executable ? 0 : MountFlags.NOEXEC)
          | (accessTimes ? 0 : MountFlags.NOATIME);
    }
  }

  /**
   * Binds {@code source} to {@code target}; both exist, both are directories or both files. When
   * the options cannot be set, the target is left unmounted.
   */
  public static void bind(Path source, Path target, Options options) throws IOException {
    Mounting.mount(source.toString(), target, null, MountFlags.BIND, null);
    try {
      // The first call takes no flags of the mount: they need a remount of their own.
      long flags = MountFlags.BIND | MountFlags.REMOUNT | options.flags();
      Mounting.mount(null, target, null, flags, null);
    } catch (IOException e) {
      unmount(target);
      throw e;
    }
  }

  /** Mounts and unmounts below {@code target} reach no other mount namespace, nor come from one. */
  public static void makePrivate(Path target) throws IOException {
    Mounting.mount(null, target, null, MountFlags.PRIVATE | MountFlags.REC, null);
  }

  /** Mounts and unmounts below {@code target} reach the mount's peers, and come from them. */
  public static void makeShared(Path target) throws IOException {
    Mounting.mount(null, target, null, MountFlags.SHARED | MountFlags.REC, null);
  }

  /**
   * Takes what is mounted on top at {@code target} out of the tree at once (MNT_DETACH).
   *
   * @return false when nothing is mounted there
   */
  public static boolean unmount(Path target) throws IOException {
    return Mounting.unmount(target, MountFlags.UMOUNT_DETACH);
  }
}
