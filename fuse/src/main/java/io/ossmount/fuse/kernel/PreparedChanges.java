package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of mounts as arguments of system calls, all of them made beforehand: {@link #run} is for
 * a thread in a foreign mount namespace, and loads no class.
 */
final class PreparedChanges {
  private static final int UNMOUNT = MountFlags.UMOUNT_DETACH | MountFlags.UMOUNT_NOFOLLOW;
  private static final int MOVE_MOUNT_BENEATH = 0x200;
  private static final int NONE = -1;

  /** Whether move_mount(2) knows MOVE_MOUNT_BENEATH; else it refuses the flag before all else. */
  static final boolean BENEATH =
      Syscalls.moveMount(
              NONE,
              MemorySegment.NULL,
              NONE,
              MemorySegment.NULL,
              DetachedMount.MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_BENEATH)
          != -Errors.EINVAL;

  private final List<MountChange> changes;
  private final boolean beneath;
  private final int count;

  /** Lives until the last thread lets go of it, also one that the kernel does not answer. */
  private final MemorySegment nothing;

  /** Way to the directory with the mount point; the mount point's name there. */
  private final MemorySegment[] parents;

  private final MemorySegment[] names;

  private final MemorySegment withoutLinks;
  private final @Nullable Descriptor[] used;
  private final int[] trees;
  private final int[] layers;
  private final long[] remounts;
  private final long[] propagations;
  private final int[] results;

  /**
   * Prepares them.
   *
   * @param beneath whether the new mount is put beneath the old one, which is to be {@link
   *     #BENEATH}
   */
  PreparedChanges(List<MountChange> changes, boolean beneath) throws IOException {
    this.changes = List.copyOf(changes);
    this.beneath = beneath;
    count = changes.size();
    Arena arena = Arena.ofAuto();
    nothing = arena.allocateFrom("");
    withoutLinks = DetachedMount.openHow(arena, DetachedMount.NO_LINKS);
    parents = new MemorySegment[count];
    names = new MemorySegment[count];
    used = new Descriptor[count];
    trees = new int[count];
    layers = new int[count];
    remounts = new long[count];
    propagations = new long[count];
    results = new int[count];
    for (int i = 0; i < count; i++) {
      MountChange change = this.changes.get(i);
      DetachedMount tree = change.tree();
      int slash = change.target().lastIndexOf('/');
      parents[i] = arena.allocateFrom(change.target().substring(0, slash + 1));
      names[i] = arena.allocateFrom(change.target().substring(slash + 1));
      layers[i] = change.layers();
      trees[i] = tree == null ? NONE : use(i, tree);
      MountAttributes left = tree == null ? null : tree.leftToSet();
      remounts[i] = left == null ? 0 : left.remountFlags();
      propagations[i] = left == null ? 0 : left.propagationFlag();
    }
  }

  /** A number that was closed meanwhile could be another file's. */
  private int use(int index, DetachedMount tree) throws IOException {
    try {
      int fd = tree.descriptor().use();
      used[index] = tree.descriptor();
      return fd;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Calls all that {@link #run} calls, with arguments that the kernel refuses. */
  static void warmUp() {
    var none = MemorySegment.NULL;
    int refused =
        Syscalls.umount2(none, UNMOUNT)
            & Syscalls.moveMount(NONE, none, NONE, none, DetachedMount.MOVE_MOUNT_F_EMPTY_PATH)
            & Syscalls.openat2(NONE, none, none)
            & Syscalls.fchdir(NONE)
            & Syscalls.close(NONE)
            & Syscalls.mount(none, none, none, 0, none);
    if (refused >= 0) {
      throw new IllegalStateException("the kernel took calls without arguments");
    }
  }

  /** Makes the changes; returns how many. Each once, on one thread. */
  int run() {
    for (int i = 0; i < count; i++) {
      results[i] = one(i);
    }
    close();
    return count;
  }

  /** Lets go of the trees. */
  void close() {
    for (int i = 0; i < count; i++) {
      Descriptor descriptor = used[i];
      if (descriptor != null) {
        used[i] = null;
        descriptor.endUse();
      }
    }
  }

  private int one(int i) {
    int entered = enterParent(i);
    if (entered < 0) {
      return entered;
    }
    for (int layer = 1; layer < layers[i]; layer++) {
      int result = Syscalls.umount2(names[i], UNMOUNT);
      if (result < 0) {
        return result;
      }
    }
    if (trees[i] == NONE) {
      return Syscalls.umount2(names[i], UNMOUNT);
    }
    int flags = DetachedMount.MOVE_MOUNT_F_EMPTY_PATH;
    int result;
    if (beneath) {
      result = move(i, flags | MOVE_MOUNT_BENEATH);
      return result < 0 ? result : Syscalls.umount2(names[i], UNMOUNT);
    }
    result = Syscalls.umount2(names[i], UNMOUNT);
    result = result < 0 ? result : move(i, flags);
    return result < 0 ? result : set(i);
  }

  private int enterParent(int i) {
    int parent = Syscalls.openat2(DetachedMount.AT_FDCWD, parents[i], withoutLinks);
    if (parent < 0) {
      return parent;
    }
    int result = Syscalls.fchdir(parent);
    int closed = Syscalls.close(parent);
    return result < 0 ? result : closed;
  }

  private int move(int i, int flags) {
    return Syscalls.moveMount(trees[i], nothing, DetachedMount.AT_FDCWD, names[i], flags);
  }

  private int set(int i) {
    MemorySegment none = MemorySegment.NULL;
    int result = 0;
    if (remounts[i] != 0) {
      result = Syscalls.mount(none, names[i], none, remounts[i], none);
    }
    if (result >= 0 && propagations[i] != 0) {
      result = Syscalls.mount(none, names[i], none, propagations[i], none);
    }
    return result;
  }

  /** What became of each change; after {@link #run}. */
  List<@Nullable SystemCallException> results() {
    List<@Nullable SystemCallException> outcomes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outcomes.add(
          results[i] < 0
              ? new SystemCallException("replace " + changes.get(i).target(), -results[i])
              : null);
    }
    return outcomes;
  }
}
