package io.ossmount.fuse;

/** Flags of open(2) whose numbers x86-64 and arm64 share. */
public final class OpenFlags {
  /** O_RDONLY. */
  public static final int READ_ONLY = 0;

  /** O_WRONLY. */
  public static final int WRITE_ONLY = 1;

  /** O_RDWR. */
  public static final int READ_WRITE = 2;

  /** O_ACCMODE: which of the three above. */
  public static final int ACCESS_MODE = 3;

  /** O_CREAT. */
  public static final int CREATE = 0100;

  /** O_EXCL. */
  public static final int EXCLUSIVE = 0200;

  /** O_TRUNC. */
  public static final int TRUNCATE = 01000;

  /** O_APPEND. */
  public static final int APPEND = 02000;

  /** O_CLOEXEC: not inherited by programs that are started. */
  public static final int CLOEXEC = 02000000;

  /** O_PATH: only a place in the tree, to which nothing is done. */
  public static final int PATH = 010000000;

  private OpenFlags() {}
}
