package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** mount(2) and umount2(2) with Java's types. */
final class Mounting {
  private Mounting() {}

  static void mount(
      @Nullable String source,
      Path target,
      @Nullable String type,
      long flags,
      @Nullable String data)
      throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      int result =
          Syscalls.mount(
              text(arena, source),
              arena.allocateFrom(target.toString()),
              text(arena, type),
              flags,
              text(arena, data));
      SystemCallException.check(result, "mount " + target);
    }
  }

  /**
   * Unmounts what lies on top at {@code target}, without following a symbolic link there.
   *
   * @return false when nothing is mounted there
   */
  static boolean unmount(Path target, int flags) throws IOException {
    Blocking.requirePlatformThread("umount2");
    try (Arena arena = Arena.ofConfined()) {
      int result =
          Syscalls.umount2(
              arena.allocateFrom(target.toString()), flags | MountFlags.UMOUNT_NOFOLLOW);
      if (result == -Errors.EINVAL || result == -Errors.ENOENT) {
        return false;
      }
      SystemCallException.check(result, "unmount " + target);
      return true;
    }
  }

  private static MemorySegment text(Arena arena, @Nullable String text) {
    return text == null ? MemorySegment.NULL : arena.allocateFrom(text);
  }
}
