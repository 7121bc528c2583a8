package io.ossmount.fuse.kernel;

import java.io.IOException;

/** A system call failed. The message names the call, what it was about, and the kernel's reason. */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  SystemCallException(String call, int errno) {
    super("%s: %s (errno %d)".formatted(call, Syscalls.strerror(errno), errno));
    this.errno = errno;
  }

  /** The positive error number of {@code asm-generic/errno.h}. */
  public int errno() {
    return errno;
  }

  /** Returns {@code result} unless it is negative, a negated errno. */
  static int check(int result, String call) throws SystemCallException {
    if (result < 0) {
      throw new SystemCallException(call, -result);
    }
    return result;
  }

  /** Returns {@code result} unless it is negative, a negated errno. */
  static long check(long result, String call) throws SystemCallException {
    if (result < 0) {
      throw new SystemCallException(call, (int) -result);
    }
    return result;
  }
}
