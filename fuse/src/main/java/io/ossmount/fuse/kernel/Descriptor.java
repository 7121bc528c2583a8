package io.ossmount.fuse.kernel;

import io.ossmount.fuse.OpenFlags;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor that this process owns. Thread-safe.
 *
 * <p>A descriptor that is closed while a call uses it would let the kernel give its number to
 * another file in the middle of that call. So {@link #close()} only forbids further uses, and the
 * number goes back to the kernel when the last use is over. Close is idempotent.
 */
public final class Descriptor implements AutoCloseable {
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 04000;
  static final int O_NOFOLLOW = 0400000;

  private static final int CLOSED = 1 << 31;

  private final int number;

  /** Uses under way, and the bit {@link #CLOSED}. */
  private final AtomicInteger uses = new AtomicInteger();

  /** Takes over the descriptor {@code number}, which the kernel has just returned. */
  Descriptor(int number) {
    this.number = number;
  }

  /**
   * Opens a file or device, without O_CREAT and always with O_CLOEXEC.
   *
   * @param flags as in open(2)
   */
  static Descriptor open(Path path, int flags) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      int result = Syscalls.open(arena.allocateFrom(path.toString()), flags | OpenFlags.CLOEXEC);
      return new Descriptor(SystemCallException.check(result, "open " + path));
    }
  }

  /** Opens a file to be read; a symbolic link at its end is not followed. */
  public static Descriptor openToRead(Path file) throws SystemCallException {
    return open(file, OpenFlags.READ_ONLY | O_NOFOLLOW);
  }

  /**
   * Another descriptor of the same open file: status flags (O_NONBLOCK) are shared, closing is not.
   */
  public Descriptor duplicate() throws java.io.IOException {
    int fd = use();
    try {
      return new Descriptor(
          SystemCallException.check(Syscalls.fcntl(fd, F_DUPFD_CLOEXEC, 0), "dup"));
    } finally {
      endUse();
    }
  }

  /** Whether it can be read and not be written to. */
  public boolean isReadOnly() throws java.io.IOException {
    int fd = use();
    try {
      int flags = SystemCallException.check(Syscalls.fcntl(fd, F_GETFL, 0), "fcntl F_GETFL");
      return (flags & OpenFlags.ACCESS_MODE) == OpenFlags.READ_ONLY;
    } finally {
      endUse();
    }
  }

  /** Reads and writes return EAGAIN instead of waiting, for every holder of the open file. */
  public void setNonBlocking() throws java.io.IOException {
    int fd = use();
    try {
      int flags = SystemCallException.check(Syscalls.fcntl(fd, F_GETFL, 0), "fcntl F_GETFL");
      SystemCallException.check(Syscalls.fcntl(fd, F_SETFL, flags | O_NONBLOCK), "fcntl F_SETFL");
    } finally {
      endUse();
    }
  }

  /** Whether {@link #close()} was called. */
  public boolean isClosed() {
    return uses.get() < 0;
  }

  /**
   * The number, which stays this file's until {@link #endUse()}.
   *
   * @throws ClosedChannelException when closed; then there is nothing to end
   */
  int use() throws ClosedChannelException {
    if (!tryUse()) {
      throw new ClosedChannelException();
    }
    return number;
  }

  /** Like {@link #use()}, without an exception: false when closed. */
  boolean tryUse() {
    int before;
    do {
      before = uses.get();
      if (before < 0) {
        return false;
      }
    } while (!uses.compareAndSet(before, before + 1));
    return true;
  }

  /** The number; only for who is using it. */
  int number() {
    return number;
  }

  void endUse() {
    if (uses.decrementAndGet() == CLOSED) {
      Syscalls.close(number);
    }
  }

  @Override
  public void close() {
    int before;
    do {
      before = uses.get();
      if (before < 0) {
        return;
      }
    } while (!uses.compareAndSet(before, before | CLOSED));
    if (before == 0) {
      Syscalls.close(number);
    }
  }

  @Override
  public String toString() {
    return "fd " + number + (isClosed() ? " (closed)" : "");
  }
}
