package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Every call into the C library: the only class with downcalls.
 *
 * <p>A method that makes one system call returns what the kernel's own interface does: a value that
 * is not negative, or the negated errno. Nothing is thrown and nothing is allocated on the way. Who
 * calls turns a negative result into a {@link SystemCallException} where it is not an answer.
 *
 * <p>Pointers are segments; {@link MemorySegment#NULL} is NULL. Numbers of constants are those that
 * x86-64 and arm64 share.
 */
@SuppressWarnings("restricted")
final class Syscalls {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(PathElement.groupElement("errno")).withInvokeExactBehavior();

  /** Where the C library leaves errno; one for each thread, so that no call needs an arena. */
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

  private static final MethodHandle OPEN =
      variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle FCNTL =
      variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle READ =
      function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE =
      function("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  private Syscalls() {}

  static int open(MemorySegment path, int flags) {
    MemorySegment state = STATE.get();
    try {
      return result((int) OPEN.invokeExact(state, path, flags, 0), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int close(int fd) {
    MemorySegment state = STATE.get();
    try {
      return result((int) CLOSE.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int fcntl(int fd, int command, int argument) {
    MemorySegment state = STATE.get();
    try {
      return result((int) FCNTL.invokeExact(state, fd, command, argument), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long read(int fd, MemorySegment into, long count) {
    MemorySegment state = STATE.get();
    try {
      return result((long) READ.invokeExact(state, fd, into, count), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long write(int fd, MemorySegment from, long count) {
    MemorySegment state = STATE.get();
    try {
      return result((long) WRITE.invokeExact(state, fd, from, count), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  // The handles below are made when they are first needed: each costs some milliseconds of a
  // start, and no process needs all of them.

  private static final class Memory {
    static final MethodHandle MEMFD_CREATE = function("memfd_create", JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle FTRUNCATE = function("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle FALLOCATE =
        function("fallocate", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle MMAP =
        function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle MUNMAP = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle LSEEK = function("lseek", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);

    private Memory() {}
  }

  static int memfdCreate(MemorySegment name, int flags) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Memory.MEMFD_CREATE.invokeExact(state, name, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int ftruncate(int fd, long length) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Memory.FTRUNCATE.invokeExact(state, fd, length), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int fallocate(int fd, long offset, long length) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Memory.FALLOCATE.invokeExact(state, fd, 0, offset, length), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long lseek(int fd, long offset, int whence) {
    MemorySegment state = STATE.get();
    try {
      return result((long) Memory.LSEEK.invokeExact(state, fd, offset, whence), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Shared mapping, readable and writable; its address, or the negated errno. */
  static long mmapShared(int fd, long length) {
    MemorySegment state = STATE.get();
    try {
      var address =
          (MemorySegment) Memory.MMAP.invokeExact(state, MemorySegment.NULL, length, 3, 1, fd, 0L);
      return result(address.address(), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int munmap(MemorySegment address, long length) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Memory.MUNMAP.invokeExact(state, address, length), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The {@code length} bytes at {@code address}, as a segment that lives as long as the arena. */
  static MemorySegment segment(long address, long length, Arena arena, Runnable atClose) {
    return MemorySegment.ofAddress(address).reinterpret(length, arena, ignored -> atClose.run());
  }

  private static final class Devices {
    static final MethodHandle IOCTL = variadic("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

    private Devices() {}
  }

  static int ioctl(int fd, long request, MemorySegment argument) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Devices.IOCTL.invokeExact(state, fd, request, argument), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Mounts {
    static final MethodHandle MOUNT =
        function("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    static final MethodHandle UMOUNT2 = function("umount2", JAVA_INT, ADDRESS, JAVA_INT);

    private Mounts() {}
  }

  static int mount(
      MemorySegment source,
      MemorySegment target,
      MemorySegment type,
      long flags,
      MemorySegment data) {
    MemorySegment state = STATE.get();
    try {
      return result(
          (int) Mounts.MOUNT.invokeExact(state, source, target, type, flags, data), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int umount2(MemorySegment target, int flags) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Mounts.UMOUNT2.invokeExact(state, target, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Mounts by descriptor, and other mount namespaces. By number, as old C libraries have no names
   * for them; the numbers are those of x86-64 and arm64.
   */
  private static final class Trees {
    static final long OPEN_TREE = 428;
    static final long MOVE_MOUNT = 429;
    static final long OPENAT2 = 437;
    static final long MOUNT_SETATTR = 442;
    static final MethodHandle SYSCALL =
        variadic(
            "syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG);
    static final MethodHandle UNSHARE = function("unshare", JAVA_INT, JAVA_INT);
    static final MethodHandle FCHDIR = function("fchdir", JAVA_INT, JAVA_INT);
    static final MethodHandle SETNS = function("setns", JAVA_INT, JAVA_INT, JAVA_INT);

    private Trees() {}
  }

  static int openTree(int directory, MemorySegment path, int flags) {
    return treeCall(Trees.OPEN_TREE, directory, path.address(), flags, 0, 0);
  }

  static int moveMount(int from, MemorySegment fromPath, int to, MemorySegment toPath, int flags) {
    return treeCall(Trees.MOVE_MOUNT, from, fromPath.address(), to, toPath.address(), flags);
  }

  static int openat2(int directory, MemorySegment path, MemorySegment how) {
    return treeCall(Trees.OPENAT2, directory, path.address(), how.address(), how.byteSize(), 0);
  }

  static int mountSetattr(int directory, MemorySegment path, int flags, MemorySegment attributes) {
    return treeCall(
        Trees.MOUNT_SETATTR,
        directory,
        path.address(),
        flags,
        attributes.address(),
        attributes.byteSize());
  }

  private static int treeCall(long call, long a, long b, long c, long d, long e) {
    MemorySegment state = STATE.get();
    try {
      return (int) result((long) Trees.SYSCALL.invokeExact(state, call, a, b, c, d, e), state);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  static int unshare(int flags) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Trees.UNSHARE.invokeExact(state, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int fchdir(int fd) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Trees.FCHDIR.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int setns(int fd, int type) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Trees.SETNS.invokeExact(state, fd, type), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Sockets {
    static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle BIND = function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle LISTEN = function("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle ACCEPT4 =
        function("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    static final MethodHandle CONNECT = function("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle SHUTDOWN = function("shutdown", JAVA_INT, JAVA_INT, JAVA_INT);
    static final MethodHandle SENDMSG = function("sendmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle RECVMSG = function("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    static final MethodHandle GETSOCKOPT =
        function("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

    private Sockets() {}
  }

  static int socket(int domain, int type) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Sockets.SOCKET.invokeExact(state, domain, type, 0), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int bind(int fd, MemorySegment address) {
    MemorySegment state = STATE.get();
    try {
      int length = (int) address.byteSize();
      return result((int) Sockets.BIND.invokeExact(state, fd, address, length), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int listen(int fd, int backlog) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Sockets.LISTEN.invokeExact(state, fd, backlog), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int accept4(int fd, int flags) {
    MemorySegment state = STATE.get();
    MemorySegment none = MemorySegment.NULL;
    try {
      return result((int) Sockets.ACCEPT4.invokeExact(state, fd, none, none, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int connect(int fd, MemorySegment address) {
    MemorySegment state = STATE.get();
    try {
      int length = (int) address.byteSize();
      return result((int) Sockets.CONNECT.invokeExact(state, fd, address, length), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int shutdown(int fd, int how) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Sockets.SHUTDOWN.invokeExact(state, fd, how), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long sendmsg(int fd, MemorySegment message, int flags) {
    MemorySegment state = STATE.get();
    try {
      return result((long) Sockets.SENDMSG.invokeExact(state, fd, message, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long recvmsg(int fd, MemorySegment message, int flags) {
    MemorySegment state = STATE.get();
    try {
      return result((long) Sockets.RECVMSG.invokeExact(state, fd, message, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int getsockopt(int fd, int option, MemorySegment value, MemorySegment length) {
    MemorySegment state = STATE.get();
    try {
      return result(
          (int) Sockets.GETSOCKOPT.invokeExact(state, fd, 1, option, value, length), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Waiting {
    static final MethodHandle POLL = function("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    static final MethodHandle EPOLL_CREATE1 = function("epoll_create1", JAVA_INT, JAVA_INT);
    static final MethodHandle EPOLL_CTL =
        function("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    static final MethodHandle EPOLL_WAIT =
        function("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    static final MethodHandle EVENTFD = function("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);

    private Waiting() {}
  }

  static int poll(MemorySegment descriptors, int count, int timeoutMillis) {
    MemorySegment state = STATE.get();
    try {
      return result(
          (int) Waiting.POLL.invokeExact(state, descriptors, (long) count, timeoutMillis), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int epollCreate(int flags) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Waiting.EPOLL_CREATE1.invokeExact(state, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int epollCtl(int epoll, int operation, int fd, MemorySegment event) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Waiting.EPOLL_CTL.invokeExact(state, epoll, operation, fd, event), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int epollWait(int epoll, MemorySegment event, int timeoutMillis) {
    MemorySegment state = STATE.get();
    try {
      return result(
          (int) Waiting.EPOLL_WAIT.invokeExact(state, epoll, event, 1, timeoutMillis), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int eventfd(int flags) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Waiting.EVENTFD.invokeExact(state, 0, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * By number, as old C libraries have no names for them; the numbers are those of x86-64 and
   * arm64.
   */
  private static final class Processes {
    static final long PIDFD_SEND_SIGNAL = 424;
    static final long PIDFD_OPEN = 434;
    static final MethodHandle SYSCALL =
        variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private Processes() {}
  }

  static int pidfdOpen(int pid) {
    return processCall(Processes.PIDFD_OPEN, pid, 0);
  }

  static int pidfdSendSignal(int pidfd, int signal) {
    return processCall(Processes.PIDFD_SEND_SIGNAL, pidfd, signal);
  }

  private static int processCall(long call, long first, long second) {
    MemorySegment state = STATE.get();
    try {
      return (int)
          result((long) Processes.SYSCALL.invokeExact(state, call, first, second, 0L, 0L), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Clocks {
    static final MethodHandle CLOCK_GETTIME =
        function("clock_gettime", JAVA_INT, JAVA_INT, ADDRESS);

    private Clocks() {}
  }

  static int clockGettime(int clock, MemorySegment time) {
    MemorySegment state = STATE.get();
    try {
      return result((int) Clocks.CLOCK_GETTIME.invokeExact(state, clock, time), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Messages {
    static final MethodHandle STRERROR =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"),
            FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private Messages() {}
  }

  /** The C library's words for an error number. */
  static String strerror(int errno) {
    try {
      var text = (MemorySegment) Messages.STRERROR.invokeExact(errno);
      return text.reinterpret(256).getString(0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int result(int value, MemorySegment state) {
    return value == -1 ? -errno(state) : value;
  }

  private static long result(long value, MemorySegment state) {
    return value == -1 ? -errno(state) : value;
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle variadic(
      String name, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(firstVariadic));
  }

  /** A downcall itself throws nothing but what a wrong argument or a closed arena causes. */
  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
