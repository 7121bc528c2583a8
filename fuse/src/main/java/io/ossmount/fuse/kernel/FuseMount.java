package io.ossmount.fuse.kernel;

import io.ossmount.fuse.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Makes and ends FUSE mounts with mount(2): needs CAP_SYS_ADMIN, but no helper binary.
 *
 * <p>A mount hangs until a server has answered its INIT request. So nothing here touches the mount
 * with a call that could reach the server: what is asked of it is read from {@code
 * /proc/self/mountinfo} and set in {@code /sys}.
 */
public final class FuseMount {
  private static final Path DEVICE = Path.of("/dev/fuse");
  private static final Path BACKING_DEVICES = Path.of("/sys/class/bdi");

  /** What mount(2) takes no comma or backslash of. */
  private static final Pattern SOURCE = Pattern.compile("[^,\\\\\\p{Cntrl}]{1,255}");

  /** Largest READ that the kernel sends, in bytes. */
  static final int MAX_READ = 1 << 20;

  private FuseMount() {}

  /**
   * How a session is mounted. All mounts are {@code nosuid,nodev}, and the kernel checks
   * permissions by mode and owner.
   *
   * @param source shown in the first column of df(1) and {@code mountinfo}; no comma, backslash or
   *     control character
   * @param subtype shown as {@code fuse.SUBTYPE}
   * @param readOnly the whole file system is read-only (MS_RDONLY): then reads change no access
   *     time
   * @param executable whether programs on it may be run; false: {@code noexec}
   * @param accessTimes false: {@code noatime}
   */
  public record Options(
      String source, String subtype, boolean readOnly, boolean executable, boolean accessTimes) {
    /** Checks the texts. */
    public Options {
      if (!SOURCE.matcher(source).matches()) {
        throw new IllegalArgumentException("source of a mount: " + source);
      }
      if (!subtype.matches("[a-z0-9-]{1,32}")) {
        throw new IllegalArgumentException("sub-type of a mount: " + subtype);
      }
    }

    /** Writable, executable, without access times. */
    public static Options of(String source) {
      return new Options(source, "ossmount", false, true, false);
    }

    /** The same, read-only or writable. */
    public Options withReadOnly(boolean readOnly) {
      return new Options(source, subtype, readOnly, executable, accessTimes);
    }

    /** The same, with or without {@code noexec}. */
    public Options withExecutable(boolean executable) {
      return new Options(source, subtype, readOnly, executable, accessTimes);
    }

    private long flags() {
      return MountFlags.NOSUID
          | MountFlags.NODEV
          | (readOnly ? MountFlags.RDONLY : 0)
          | (executable ? 0 : MountFlags.NOEXEC)
          | (accessTimes ? 0 : MountFlags.NOATIME);
    }

    private String data(int fd) {
      return "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions,max_read=%d"
          .formatted(fd, MAX_READ);
    }
  }

  /** Opens {@code /dev/fuse}: a connection that is not mounted yet. */
  public static Descriptor openDevice() throws IOException {
    return Descriptor.open(DEVICE, OpenFlags.READ_WRITE);
  }

  /**
   * Opens {@code /dev/fuse} and mounts it at {@code target}.
   *
   * @param target an existing directory
   * @return the session's descriptor: the mount lives as long as it, or a duplicate of it, is open
   */
  public static Descriptor mount(Path target, Options options) throws IOException {
    Descriptor device = openDevice();
    try {
      mount(device, target, options);
      return device;
    } catch (IOException | RuntimeException e) {
      device.close();
      throw e;
    }
  }

  /** Mounts an open, unused {@code /dev/fuse} at {@code target}, an existing directory. */
  public static void mount(Descriptor device, Path target, Options options) throws IOException {
    String type = "fuse." + options.subtype();
    int fd = device.use();
    try {
      Mounting.mount(options.source(), target, type, options.flags(), options.data(fd));
    } finally {
      device.endUse();
    }
  }

  /**
   * Takes the mount out of the tree at once; the connection ends when its last user is gone
   * (MNT_DETACH). Never waits for the server.
   *
   * @return false when nothing is mounted there
   */
  public static boolean detach(Path target) throws IOException {
    return Mounting.unmount(target, MountFlags.UMOUNT_DETACH);
  }

  /**
   * Aborts the connection, so that every waiting request fails, and takes the mount out of the tree
   * (MNT_FORCE, then MNT_DETACH).
   *
   * @return false when nothing is mounted there
   */
  public static boolean abort(Path target) throws IOException {
    try {
      Mounting.unmount(target, MountFlags.UMOUNT_FORCE);
    } catch (SystemCallException busy) {
      // EBUSY: the connection is aborted all the same, only the mount stayed.
    }
    return Mounting.unmount(target, MountFlags.UMOUNT_DETACH);
  }

  /**
   * Aborts the connection, so that every waiting request fails, and leaves the mount where it is:
   * as something dead, with its device number.
   *
   * @return false when nothing is mounted there
   */
  public static boolean abortInPlace(Path target) throws IOException {
    // A reference to the mount keeps the kernel from taking it out of the tree. It is got without
    // asking the server.
    try (Descriptor _ = Descriptor.open(target, OpenFlags.PATH)) {
      return Mounting.unmount(target, MountFlags.UMOUNT_FORCE);
    } catch (SystemCallException e) {
      if (e.errno() == Errors.EBUSY) {
        return true;
      }
      if (e.errno() == Errors.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Sets how far the kernel reads ahead on the file system mounted at {@code target}. Files that
   * are open already keep what they had.
   *
   * @param kibibytes of read-ahead; the kernel's default is 128
   */
  public static void setReadAhead(Path target, int kibibytes) throws IOException {
    MountEntry entry =
        MountTable.read()
            .at(target)
            .orElseThrow(() -> new IOException("nothing is mounted at " + target));
    Path setting = BACKING_DEVICES.resolve(entry.device()).resolve("read_ahead_kb");
    Files.writeString(setting, Integer.toString(kibibytes));
  }
}
