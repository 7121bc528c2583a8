package io.ossmount.fuse.kernel;

/** Flags of mount(2) and umount2(2): {@code linux/mount.h}. */
final class MountFlags {
  static final long RDONLY = 1;
  static final long NOSUID = 1 << 1;
  static final long NODEV = 1 << 2;
  static final long NOEXEC = 1 << 3;
  static final long REMOUNT = 1 << 5;
  static final long NOSYMFOLLOW = 1 << 8;
  static final long NOATIME = 1 << 10;
  static final long NODIRATIME = 1 << 11;
  static final long BIND = 1 << 12;
  static final long REC = 1 << 14;
  static final long PRIVATE = 1 << 18;
  static final long SLAVE = 1 << 19;
  static final long SHARED = 1 << 20;
  static final long RELATIME = 1 << 21;
  static final long STRICTATIME = 1 << 24;

  static final int UMOUNT_FORCE = 1;
  static final int UMOUNT_DETACH = 1 << 1;
  static final int UMOUNT_NOFOLLOW = 1 << 3;

  private MountFlags() {}
}
