package io.ossmount.chaos.work;

/** What a workload asks the kernel for, as far as a report tells them apart. */
public enum Operation {
  OPEN,
  READ,
  STAT,
  READDIR,
  MAPPED_READ,
  CREATE,
  WRITE,
  APPEND,
  FSYNC,
  CLOSE,
  MKDIR,
  RENAME,
  UNLINK,
  RMDIR,
  TAR;

  /** Whether the kernel finds the file by its path, so in the mount that is there now. */
  public boolean isByPath() {
    return switch (this) {
      case OPEN, STAT, READDIR, CREATE, MKDIR, RENAME, UNLINK, RMDIR -> true;
      case READ, MAPPED_READ, WRITE, APPEND, FSYNC, CLOSE, TAR -> false;
    };
  }

  /** Whether what comes next is about the file that it has opened. */
  boolean isOpening() {
    return this == OPEN || this == CREATE;
  }

  /** Whether the kernel never does it without the server. */
  public boolean isServed() {
    return isByPath() && this != STAT;
  }
}
