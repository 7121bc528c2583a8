package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** What listener and connection share: addresses, waiting, constants of {@code sys/socket.h}. */
final class UnixSocket {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 04000;
  private static final int SOCK_CLOEXEC = 02000000;

  /** For accept4(2). */
  static final int ACCEPT_FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC;

  static final int SHUT_RDWR = 2;
  static final short POLLIN = 1;
  static final short POLLOUT = 4;

  /** {@code sun_path} has room for 108 bytes, its end included. */
  static final int MAX_PATH_BYTES = 107;

  private UnixSocket() {}

  /** A new stream socket that never blocks: waiting is {@link #await}. */
  static Descriptor open() throws IOException {
    int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    return new Descriptor(SystemCallException.check(Syscalls.socket(AF_UNIX, type), "socket"));
  }

  /** {@code struct sockaddr_un} of a path. */
  static MemorySegment address(Arena arena, Path path) throws IOException {
    byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_PATH_BYTES) {
      throw new IOException(
          "path of a unix socket is %d bytes long, the limit is %d: %s"
              .formatted(bytes.length, MAX_PATH_BYTES, path));
    }
    MemorySegment address = arena.allocate(2 + bytes.length + 1L, 8);
    address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(bytes, 0, address, JAVA_BYTE, 2, bytes.length);
    return address;
  }

  /**
   * Waits until the socket is ready, closed or in error.
   *
   * @param events {@link #POLLIN} or {@link #POLLOUT}
   * @param nanos how long at most; negative: without end
   * @return false when the time is over
   */
  static boolean await(int fd, short events, long nanos) throws SystemCallException {
    long end = System.nanoTime() + nanos;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 4);
      poll.set(JAVA_INT, 0, fd);
      poll.set(JAVA_SHORT, 4, events);
      while (true) {
        int ready = Syscalls.poll(poll, 1, nanos < 0 ? -1 : millisUntil(end));
        if (ready == -Errors.EINTR) {
          continue;
        }
        return SystemCallException.check(ready, "poll") > 0;
      }
    }
  }

  private static int millisUntil(long end) {
    long left = Math.max(0, end - System.nanoTime());
    return (int) Math.min(Integer.MAX_VALUE, Duration.ofNanos(left).plusNanos(999_999).toMillis());
  }
}
