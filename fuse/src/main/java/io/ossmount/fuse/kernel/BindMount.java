package io.ossmount.fuse.kernel;

import io.ossmount.fuse.kernel.MountAttributes.Attribute;
import io.ossmount.fuse.kernel.MountAttributes.Propagation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

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

    private MountAttributes attributes() {
      Set<Attribute> set = EnumSet.of(Attribute.NO_SUID, Attribute.NO_DEVICES);
      set.add(accessTimes ? Attribute.RELATIVE_ACCESS_TIMES : Attribute.NO_ACCESS_TIMES);
      if (readOnly) {
        set.add(Attribute.READ_ONLY);
      }
      if (!executable) {
        set.add(Attribute.NO_EXEC);
      }
      return new MountAttributes(set, Propagation.UNCHANGED);
    }
  }

  /**
   * Binds {@code source} to {@code target}; both exist, both are directories or both files. The
   * target gets the mount with its options in one step, so that who is killed leaves all of it or
   * nothing; before Linux 5.12 the options come in a second one. When they cannot be set, the
   * target is left as it was.
   */
  public static void bind(Path source, Path target, Options options) throws IOException {
    try (DetachedMount tree = DetachedMount.of(source)) {
      tree.set(options.attributes());
      tree.attach(target);
    } catch (SystemCallException e) {
      if (e.errno() != Errors.ENOSYS) {
        throw e;
      }
      bindInTwoSteps(source, target, options);
    }
  }

  /** Before Linux 5.2. */
  static void bindInTwoSteps(Path source, Path target, Options options) throws IOException {
    Mounting.mount(source.toString(), target, null, MountFlags.BIND, null);
    try {
      // The first call takes no flags of the mount: they need a remount of their own.
      restrict(target, options);
    } catch (IOException e) {
      unmount(target);
      throw e;
    }
  }

  /** Sets the options of what is mounted at {@code target} already. */
  public static void restrict(Path target, Options options) throws IOException {
    Mounting.mount(null, target, null, options.attributes().remountFlags(), null);
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
