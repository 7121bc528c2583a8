package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A process by a descriptor of its own: pidfd_open(2), Linux 5.3. Unlike its number it never comes
 * to mean another process, and unlike /proc it tells a zombie from one that lives. Thread-safe.
 *
 * <p>The descriptor is readable once the process has ended: all of its threads, so that none of
 * them is in the middle of a system call, and all of its own descriptors are closed.
 */
public final class ProcessDescriptor implements AutoCloseable {
  private static final int SO_PEERPIDFD = 77;
  private static final int SIGKILL = 9;
  private static final int ESRCH = 3;

  private final Descriptor pidfd;
  private final int pid;

  private ProcessDescriptor(int pidfd, int pid) {
    this.pidfd = new Descriptor(pidfd);
    this.pid = pid;
  }

  /**
   * The process with this number.
   *
   * @throws SystemCallException ESRCH: there is none
   */
  public static ProcessDescriptor of(int pid) throws SystemCallException {
    return new ProcessDescriptor(
        SystemCallException.check(Syscalls.pidfdOpen(pid), "pidfd_open " + pid), pid);
  }

  /**
   * The process that opened the other end: as the kernel noted it (Linux 6.5), else the one that
   * has its number now.
   *
   * @throws IOException it has ended, or cannot be seen from here
   */
  public static ProcessDescriptor ofPeer(UnixConnection connection) throws IOException {
    int pid = connection.peer().pid();
    int fd = connection.socket().use();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(4, 4);
      MemorySegment length = arena.allocate(4, 4);
      length.set(JAVA_INT, 0, 4);
      int result = Syscalls.getsockopt(fd, SO_PEERPIDFD, value, length);
      if (result == 0) {
        return new ProcessDescriptor(value.get(JAVA_INT, 0), pid);
      }
    } finally {
      connection.socket().endUse();
    }
    return of(pid);
  }

  /** Its number, as this process sees it; 0 when it cannot. */
  public int pid() {
    return pid;
  }

  /** The descriptor, which becomes readable when the process has ended; stays owned by this. */
  public Descriptor descriptor() {
    return pidfd;
  }

  /**
   * Whether it has not ended.
   *
   * @throws java.nio.channels.ClosedChannelException after {@link #close()}
   */
  public boolean isAlive() throws IOException {
    int fd = pidfd.use();
    try {
      return !UnixSocket.await(fd, UnixSocket.POLLIN, 0);
    } finally {
      pidfd.endUse();
    }
  }

  /** SIGKILL; nothing when it has ended. */
  public void kill() throws IOException {
    int fd = pidfd.use();
    try {
      int result = Syscalls.pidfdSendSignal(fd, SIGKILL);
      if (result != -ESRCH) {
        SystemCallException.check(result, "pidfd_send_signal to " + pid);
      }
    } finally {
      pidfd.endUse();
    }
  }

  @Override
  public void close() {
    pidfd.close();
  }
}
