package io.ossmount.fuse;

/**
 * A request fails with an errno that the caller sees. Has no stack trace: it is an answer, not a
 * fault.
 */
public final class FuseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  /** Fails with {@code errno}. */
  public FuseException(Errno errno) {
    this(errno, errno.name());
  }

  /** Fails with {@code errno}; the message is for the log. */
  public FuseException(Errno errno, String message) {
    super(message, null, false, false);
    this.errno = errno;
  }

  /** What the caller sees. */
  public Errno errno() {
    return errno;
  }
}
