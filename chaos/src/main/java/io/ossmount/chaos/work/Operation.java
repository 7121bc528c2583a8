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
  FSYNC,
  CLOSE,
  MKDIR,
  RENAME,
  UNLINK,
  RMDIR,
  TAR
}
