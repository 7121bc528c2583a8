package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Listens on a unix stream socket. One thread accepts; any thread may close.
 *
 * <p>The file gets its permissions before the first connection can be made, and goes with {@link
 * #close()}.
 */
public final class UnixListener implements AutoCloseable {
  private static final int BACKLOG = 64;

  private final Descriptor socket;
  private final Path path;

  private UnixListener(Descriptor socket, Path path) {
    this.socket = socket;
    this.path = path;
  }

  /**
   * Listens at {@code path}, in place of a socket that an earlier process left there.
   *
   * @param path at most 107 bytes long
   * @param permissions of the socket's file: who may write to it may connect
   */
  public static UnixListener bind(Path path, Set<PosixFilePermission> permissions)
      throws IOException {
    Descriptor socket = UnixSocket.open();
    try (Arena arena = Arena.ofConfined()) {
      Files.deleteIfExists(path);
      int fd = socket.use();
      try {
        SystemCallException.check(
            Syscalls.bind(fd, UnixSocket.address(arena, path)), "bind " + path);
        // Until listen(2) every connect is refused, so no one is let in before this.
        Files.setPosixFilePermissions(path, permissions);
        SystemCallException.check(Syscalls.listen(fd, BACKLOG), "listen " + path);
      } finally {
        socket.endUse();
      }
      return new UnixListener(socket, path);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Waits for the next connection; not on a virtual thread.
   *
   * @throws ClosedChannelException when the listener is closed, also from another thread
   */
  public UnixConnection accept() throws IOException {
    Blocking.requirePlatformThread("accept");
    int fd = socket.use();
    try {
      while (true) {
        int accepted = Syscalls.accept4(fd, UnixSocket.ACCEPT_FLAGS);
        if (accepted >= 0) {
          return new UnixConnection(new Descriptor(accepted));
        }
        if (socket.isClosed()) {
          throw new ClosedChannelException();
        }
        if (accepted == -Errors.EAGAIN) {
          UnixSocket.await(fd, UnixSocket.POLLIN, -1);
        } else if (accepted != -Errors.EINTR && accepted != -Errors.ECONNABORTED) {
          throw new SystemCallException("accept on " + path, -accepted);
        }
      }
    } finally {
      socket.endUse();
    }
  }

  /** Ends listening and wakes who waits in {@link #accept()}. Idempotent. */
  @Override
  public void close() {
    if (!socket.tryUse()) {
      return;
    }
    Syscalls.shutdown(socket.number(), UnixSocket.SHUT_RDWR);
    socket.close();
    socket.endUse();
    try {
      Files.deleteIfExists(path);
    } catch (IOException leftBehind) {
      // The next listener there removes it.
    }
  }
}
