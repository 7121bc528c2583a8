package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ossmount.fuse.OpenFlags;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A second mount of what is mounted somewhere, which is in no tree yet: open_tree(2), Linux 5.2. It
 * can be made ready unseen and then be put somewhere in one step, also in another mount namespace.
 * Goes when it is closed before that. Needs CAP_SYS_ADMIN. Thread-safe.
 */
public final class DetachedMount implements AutoCloseable {
  static final int AT_FDCWD = -100;
  static final int MOVE_MOUNT_F_EMPTY_PATH = 4;

  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int OPEN_TREE_CLONE = 1;

  /** {@code struct open_how}: flags, mode, resolve. */
  private static final int OPEN_HOW_BYTES = 24;

  /** RESOLVE_NO_XDEV, RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH. */
  private static final long STAY_INSIDE = 1 | 2 | 4 | 8;

  /** RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS. */
  static final long NO_LINKS = 2 | 4;

  private final Descriptor descriptor;

  /** What mount_setattr(2) could not set, as the kernel does not know it (before Linux 5.12). */
  private @Nullable MountAttributes leftToSet;

  private DetachedMount(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Of what is mounted at {@code mount}. Reaches no FUSE server.
   *
   * @throws SystemCallException ENOSYS: the kernel is older
   */
  public static DetachedMount of(Path mount) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(mount.toString());
      int flags = OPEN_TREE_CLONE | OpenFlags.CLOEXEC;
      int result = Syscalls.openTree(AT_FDCWD, path, flags);
      return new DetachedMount(
          new Descriptor(SystemCallException.check(result, "open_tree " + mount)));
    }
  }

  /**
   * Of one directory or file in what is mounted at {@code mount}. Whoever writes there may have put
   * a symbolic link in the way: none is followed, and nothing leads out of the mount. Asks the FUSE
   * server.
   *
   * @param inside its path in the mount; "/" is the whole
   * @throws SystemCallException ENOENT, ENOTDIR or ELOOP: it is not there
   */
  public static DetachedMount of(Path mount, String inside) throws IOException {
    String relative = inside.replaceFirst("^/+", "");
    if (relative.isEmpty()) {
      return of(mount);
    }
    Blocking.requirePlatformThread("openat2");
    Descriptor top = Descriptor.open(mount, OpenFlags.PATH | Descriptor.O_NOFOLLOW);
    try (Arena arena = Arena.ofConfined();
        Descriptor part = openInside(top, relative, arena)) {
      int flags = AT_EMPTY_PATH | OPEN_TREE_CLONE | OpenFlags.CLOEXEC;
      int result = Syscalls.openTree(part.number(), arena.allocateFrom(""), flags);
      return new DetachedMount(
          new Descriptor(SystemCallException.check(result, "open_tree " + mount + "/" + relative)));
    } finally {
      top.close();
    }
  }

  private static Descriptor openInside(Descriptor top, String relative, Arena arena)
      throws IOException {
    MemorySegment how = openHow(arena, STAY_INSIDE);
    int result = Syscalls.openat2(top.number(), arena.allocateFrom(relative), how);
    return new Descriptor(SystemCallException.check(result, "open /" + relative));
  }

  /**
   * {@code struct open_how} for O_PATH, which asks nobody for what is opened.
   *
   * @param resolve what the way there may not be
   */
  static MemorySegment openHow(Arena arena, long resolve) {
    MemorySegment how = arena.allocate(OPEN_HOW_BYTES, Long.BYTES);
    how.set(JAVA_LONG, 0, OpenFlags.PATH | OpenFlags.CLOEXEC);
    how.set(JAVA_LONG, 16, resolve);
    return how;
  }

  /** Sets what the mount allows, before anybody sees it if the kernel can (Linux 5.12). */
  public void set(MountAttributes attributes) throws IOException {
    int fd = descriptor.use();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment struct = attributes.struct(arena);
      int result = Syscalls.mountSetattr(fd, arena.allocateFrom(""), AT_EMPTY_PATH, struct);
      if (result == -Errors.ENOSYS) {
        setLater(attributes);
      } else {
        SystemCallException.check(result, "mount_setattr");
      }
    } finally {
      descriptor.endUse();
    }
  }

  /** Sets it by mount(2), which knows a mount by its place only. */
  void setLater(MountAttributes attributes) {
    leftToSet = attributes;
  }

  /**
   * Puts it on top at {@code target}, which exists and is a directory if this is one. When it
   * cannot be made what it should be, the target is left as it was.
   */
  public void attach(Path target) throws IOException {
    int fd = descriptor.use();
    try (Arena arena = Arena.ofConfined()) {
      int result =
          Syscalls.moveMount(
              fd,
              arena.allocateFrom(""),
              AT_FDCWD,
              arena.allocateFrom(target.toString()),
              MOVE_MOUNT_F_EMPTY_PATH);
      SystemCallException.check(result, "mount " + target);
      finish(target);
    } finally {
      descriptor.endUse();
    }
  }

  private void finish(Path target) throws IOException {
    MountAttributes left = leftToSet;
    if (left == null) {
      return;
    }
    try {
      Mounting.mount(null, target, null, left.remountFlags(), null);
      if (left.propagationFlag() != 0) {
        Mounting.mount(null, target, null, left.propagationFlag(), null);
      }
    } catch (IOException e) {
      Mounting.unmount(target, MountFlags.UMOUNT_DETACH);
      throw e;
    }
  }

  /** The descriptor; stays owned by this. */
  Descriptor descriptor() {
    return descriptor;
  }

  /** What has to be set when it is in a tree; null when all is set. */
  @Nullable MountAttributes leftToSet() {
    return leftToSet;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
