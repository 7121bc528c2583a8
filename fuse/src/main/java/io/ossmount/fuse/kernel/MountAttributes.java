package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;

/**
 * What one mount allows, whatever other mounts of the same file system do, and whom mounts below it
 * reach. As {@code mountinfo} shows it and as mount_setattr(2) sets it.
 *
 * @param attributes that are set
 * @param propagation of mounts below it
 */
public record MountAttributes(Set<Attribute> attributes, Propagation propagation) {
  /** {@code MOUNT_ATTR__ATIME}: the bits that say when access times change. */
  private static final long ACCESS_TIMES = 0x70;

  /** {@code struct mount_attr}: what is set, what is cleared, propagation, a user namespace. */
  private static final int STRUCT_BYTES = 32;

  /** Copies the set. */
  public MountAttributes {
    attributes = Set.copyOf(attributes);
  }

  /** An attribute of a mount: {@code linux/mount.h}. */
  public enum Attribute {
    READ_ONLY("ro", 1, MountFlags.RDONLY),
    NO_SUID("nosuid", 1 << 1, MountFlags.NOSUID),
    NO_DEVICES("nodev", 1 << 2, MountFlags.NODEV),
    NO_EXEC("noexec", 1 << 3, MountFlags.NOEXEC),
    NO_ACCESS_TIMES("noatime", 1 << 4, MountFlags.NOATIME),
    /** No bit of mount_setattr(2): what the others do not say. */
    RELATIVE_ACCESS_TIMES("relatime", 0, MountFlags.RELATIME),
    NO_DIRECTORY_ACCESS_TIMES("nodiratime", 1 << 7, MountFlags.NODIRATIME),
    NO_SYMBOLIC_LINKS("nosymfollow", 1 << 21, MountFlags.NOSYMFOLLOW);

    private final String option;
    private final long bit;
    private final long flag;

    Attribute(String option, long bit, long flag) {
      this.option = option;
      this.bit = bit;
      this.flag = flag;
    }
  }

  /** Whom mounts and unmounts below a mount reach. */
  public enum Propagation {
    /** As the source has it. */
    UNCHANGED(0),
    /** Nobody. */
    PRIVATE(MountFlags.PRIVATE),
    /** Nobody, but those of its master come here: {@code HostToContainer}. */
    SLAVE(MountFlags.SLAVE),
    /** Its peers, and theirs come here: {@code Bidirectional}. */
    SHARED(MountFlags.SHARED);

    private final long flag;

    Propagation(long flag) {
      this.flag = flag;
    }
  }

  /** Those of a mount. */
  public static MountAttributes of(MountEntry mount) {
    Set<Attribute> set = EnumSet.noneOf(Attribute.class);
    for (Attribute attribute : Attribute.values()) {
      if (mount.options().contains(attribute.option)) {
        set.add(attribute);
      }
    }
    return new MountAttributes(set, propagationOf(mount));
  }

  private static Propagation propagationOf(MountEntry mount) {
    if (mount.propagation().stream().anyMatch(word -> word.startsWith("shared:"))) {
      return Propagation.SHARED;
    }
    return mount.propagation().stream().anyMatch(word -> word.startsWith("master:"))
        ? Propagation.SLAVE
        : Propagation.PRIVATE;
  }

  /** As {@code struct mount_attr}: all that is not set here is cleared. */
  MemorySegment struct(Arena arena) {
    long all = ACCESS_TIMES;
    long set = 0;
    for (Attribute attribute : Attribute.values()) {
      all |= attribute.bit;
      set |= attributes.contains(attribute) ? attribute.bit : 0;
    }
    set |= isStrict() ? 1 << 5 : 0;
    // nosymfollow came with Linux 5.14: who does not know the bit refuses it even to be cleared.
    long cleared = attributes.contains(Attribute.NO_SYMBOLIC_LINKS) ? all : all & ~(1L << 21);
    MemorySegment struct = arena.allocate(STRUCT_BYTES, Long.BYTES);
    struct.set(JAVA_LONG, 0, set);
    struct.set(JAVA_LONG, 8, cleared);
    struct.set(JAVA_LONG, 16, propagation.flag);
    return struct;
  }

  /** As flags of mount(2) with MS_REMOUNT and MS_BIND. */
  long remountFlags() {
    long flags = MountFlags.BIND | MountFlags.REMOUNT | (isStrict() ? MountFlags.STRICTATIME : 0);
    for (Attribute attribute : attributes) {
      flags |= attribute.flag;
    }
    return flags;
  }

  /** As flags of mount(2), which sets propagation alone; 0 when it stays. */
  long propagationFlag() {
    return propagation.flag;
  }

  /** Every access counts: {@code mountinfo} has no word for it. */
  private boolean isStrict() {
    return !attributes.contains(Attribute.NO_ACCESS_TIMES)
        && !attributes.contains(Attribute.RELATIVE_ACCESS_TIMES);
  }
}
