package io.ossmount.fuse.kernel;

/** Error numbers that this module reacts to: {@code asm-generic/errno.h}. */
public final class Errors {
  /** Nothing there: also the kernel's answer to a reply that no one waits for. */
  public static final int ENOENT = 2;

  /** A signal came first. */
  public static final int EINTR = 4;

  /** Nothing to read now. */
  public static final int EAGAIN = 11;

  /** A part of the path is no directory. */
  public static final int ENOTDIR = 20;

  /** The kernel does not know this system call. */
  static final int ENOSYS = 38;

  /** A symbolic link where none may be. */
  public static final int ELOOP = 40;

  /** Not a mount point, or an argument without sense. */
  public static final int EINVAL = 22;

  /** Somebody uses it. */
  public static final int EBUSY = 16;

  /** The FUSE connection is over: unmounted or aborted. */
  public static final int ENODEV = 19;

  /** The peer was gone before it was accepted. */
  public static final int ECONNABORTED = 103;

  /** The peer is gone and had not read all that was sent to it. */
  static final int ECONNRESET = 104;

  /** The FUSE connection was aborted. */
  public static final int ENOTCONN = 107;

  private Errors() {}
}
