package io.ossmount.fuse.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/**
 * Every call into the C library.
 *
 * <p>A method that makes one system call returns what the kernel's own interface does: a value that
 * is not negative, or the negated errno. Nothing is thrown and nothing is allocated on the way. Who
 * calls turns a negative result into a {@link SystemCallException} where it is not an answer.
 *
 * <p>Pointers are segments of native memory; {@link MemorySegment#NULL} is NULL. Numbers of
 * constants are those that x86-64 and arm64 share.
 *
 * <p>Functions are looked up by the holder classes when one of their group is first called: a start
 * needs few of them.
 */
@SuppressWarnings("restricted")
final class Syscalls {
  private static final int AT_FDCWD = -100;
  private static final int SOL_SOCKET = 1;
  private static final int PROT_READ_AND_WRITE = 3;
  private static final int MAP_SHARED = 1;

  private static final Downcall.OnMemory OPENAT = Downcall.onMemory("openat");
  private static final Downcall.OnMemory READ = Downcall.onMemory("read");
  private static final Downcall.OnMemory WRITE = Downcall.onMemory("write");
  private static final Downcall.OfWords CLOSE = Downcall.ofWords("close");
  private static final Downcall.OfWords FCNTL = Downcall.ofWords("fcntl");
  private static final Downcall.OfWords IOCTL = Downcall.ofWords("ioctl");

  private Syscalls() {}

  static int open(MemorySegment path, int flags) {
    return OPENAT.status(AT_FDCWD, path, flags, 0);
  }

  static int close(int fd) {
    return CLOSE.status(fd);
  }

  static int fcntl(int fd, int command, int argument) {
    return FCNTL.status(fd, command, argument);
  }

  static long read(int fd, MemorySegment into, long count) {
    return READ.word(fd, into, count);
  }

  static long write(int fd, MemorySegment from, long count) {
    return WRITE.word(fd, from, count);
  }

  static int ioctl(int fd, long request, MemorySegment argument) {
    try {
      return IOCTL.status(fd, request, address(argument));
    } finally {
      Reference.reachabilityFence(argument);
    }
  }

  private static final class Memory {
    static final Downcall.OfWords MEMFD_CREATE = Downcall.ofWords("memfd_create");
    static final Downcall.OfWords FTRUNCATE = Downcall.ofWords("ftruncate");
    static final Downcall.OfWords FALLOCATE = Downcall.ofWords("fallocate");
    static final Downcall.OfWords MMAP = Downcall.ofWords("mmap");
    static final Downcall.OfWords MUNMAP = Downcall.ofWords("munmap");
    static final Downcall.OfWords LSEEK = Downcall.ofWords("lseek");

    private Memory() {}
  }

  static int memfdCreate(MemorySegment name, int flags) {
    try {
      return Memory.MEMFD_CREATE.status(address(name), flags);
    } finally {
      Reference.reachabilityFence(name);
    }
  }

  static int ftruncate(int fd, long length) {
    return Memory.FTRUNCATE.status(fd, length);
  }

  static int fallocate(int fd, long offset, long length) {
    return Memory.FALLOCATE.status(fd, 0, offset, length);
  }

  static long lseek(int fd, long offset, int whence) {
    return Memory.LSEEK.word(fd, offset, whence, 0, 0, 0);
  }

  /** Shared mapping, readable and writable; its address, or the negated errno. */
  static long mmapShared(int fd, long length) {
    return Memory.MMAP.word(0, length, PROT_READ_AND_WRITE, MAP_SHARED, fd, 0);
  }

  static int munmap(MemorySegment mapped, long length) {
    return Memory.MUNMAP.status(address(mapped), length);
  }

  /** The {@code length} bytes at {@code address}, as a segment that lives as long as the arena. */
  static MemorySegment segment(long address, long length, Arena arena, Runnable atClose) {
    return MemorySegment.ofAddress(address).reinterpret(length, arena, ignored -> atClose.run());
  }

  private static final class Mounts {
    static final Downcall.OfWords MOUNT = Downcall.ofWords("mount");
    static final Downcall.OfWords UMOUNT2 = Downcall.ofWords("umount2");

    private Mounts() {}
  }

  static int mount(
      MemorySegment source,
      MemorySegment target,
      MemorySegment type,
      long flags,
      MemorySegment data) {
    try {
      return Mounts.MOUNT.status(
          address(source), address(target), address(type), flags, address(data), 0);
    } finally {
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(target);
      Reference.reachabilityFence(type);
      Reference.reachabilityFence(data);
    }
  }

  static int umount2(MemorySegment target, int flags) {
    try {
      return Mounts.UMOUNT2.status(address(target), flags);
    } finally {
      Reference.reachabilityFence(target);
    }
  }

  /** What old C libraries have no names for. The numbers are those that x86-64 and arm64 share. */
  private static final class ByNumber {
    static final Downcall.OfWords SYSCALL = Downcall.ofWords("syscall");

    private ByNumber() {}
  }

  /** Mounts by descriptor, and other mount namespaces. */
  private static final class Trees {
    static final long OPEN_TREE = 428;
    static final long MOVE_MOUNT = 429;
    static final long OPENAT2 = 437;
    static final long MOUNT_SETATTR = 442;
    static final Downcall.OfWords UNSHARE = Downcall.ofWords("unshare");
    static final Downcall.OfWords FCHDIR = Downcall.ofWords("fchdir");
    static final Downcall.OfWords SETNS = Downcall.ofWords("setns");

    private Trees() {}
  }

  static int openTree(int directory, MemorySegment path, int flags) {
    try {
      return (int) ByNumber.SYSCALL.word(Trees.OPEN_TREE, directory, address(path), flags, 0, 0);
    } finally {
      Reference.reachabilityFence(path);
    }
  }

  static int moveMount(int from, MemorySegment fromPath, int to, MemorySegment toPath, int flags) {
    try {
      return (int)
          ByNumber.SYSCALL.word(
              Trees.MOVE_MOUNT, from, address(fromPath), to, address(toPath), flags);
    } finally {
      Reference.reachabilityFence(fromPath);
      Reference.reachabilityFence(toPath);
    }
  }

  static int openat2(int directory, MemorySegment path, MemorySegment how) {
    try {
      return (int)
          ByNumber.SYSCALL.word(
              Trees.OPENAT2, directory, address(path), address(how), how.byteSize(), 0);
    } finally {
      Reference.reachabilityFence(path);
      Reference.reachabilityFence(how);
    }
  }

  static int mountSetattr(int directory, MemorySegment path, int flags, MemorySegment attributes) {
    try {
      return (int)
          ByNumber.SYSCALL.word(
              Trees.MOUNT_SETATTR,
              directory,
              address(path),
              flags,
              address(attributes),
              attributes.byteSize());
    } finally {
      Reference.reachabilityFence(path);
      Reference.reachabilityFence(attributes);
    }
  }

  static int unshare(int flags) {
    return Trees.UNSHARE.status(flags);
  }

  static int fchdir(int fd) {
    return Trees.FCHDIR.status(fd);
  }

  static int setns(int fd, int type) {
    return Trees.SETNS.status(fd, type);
  }

  private static final class Sockets {
    static final Downcall.OfWords SOCKET = Downcall.ofWords("socket");
    static final Downcall.OnMemory BIND = Downcall.onMemory("bind");
    static final Downcall.OfWords LISTEN = Downcall.ofWords("listen");
    static final Downcall.OfWords ACCEPT4 = Downcall.ofWords("accept4");
    static final Downcall.OnMemory CONNECT = Downcall.onMemory("connect");
    static final Downcall.OfWords SHUTDOWN = Downcall.ofWords("shutdown");
    static final Downcall.OnMemory SENDMSG = Downcall.onMemory("sendmsg");
    static final Downcall.OnMemory RECVMSG = Downcall.onMemory("recvmsg");
    static final Downcall.OfWords GETSOCKOPT = Downcall.ofWords("getsockopt");

    private Sockets() {}
  }

  static int socket(int domain, int type) {
    return Sockets.SOCKET.status(domain, type, 0);
  }

  static int bind(int fd, MemorySegment address) {
    return Sockets.BIND.status(fd, address, address.byteSize(), 0);
  }

  static int listen(int fd, int backlog) {
    return Sockets.LISTEN.status(fd, backlog);
  }

  static int accept4(int fd, int flags) {
    return Sockets.ACCEPT4.status(fd, 0, 0, flags);
  }

  static int connect(int fd, MemorySegment address) {
    return Sockets.CONNECT.status(fd, address, address.byteSize(), 0);
  }

  static int shutdown(int fd, int how) {
    return Sockets.SHUTDOWN.status(fd, how);
  }

  static long sendmsg(int fd, MemorySegment message, int flags) {
    return Sockets.SENDMSG.word(fd, message, flags);
  }

  static long recvmsg(int fd, MemorySegment message, int flags) {
    return Sockets.RECVMSG.word(fd, message, flags);
  }

  static int getsockopt(int fd, int option, MemorySegment value, MemorySegment length) {
    try {
      return Sockets.GETSOCKOPT.status(fd, SOL_SOCKET, option, address(value), address(length), 0);
    } finally {
      Reference.reachabilityFence(value);
      Reference.reachabilityFence(length);
    }
  }

  private static final class Waiting {
    static final Downcall.OfWords POLL = Downcall.ofWords("poll");
    static final Downcall.OfWords EPOLL_CREATE1 = Downcall.ofWords("epoll_create1");
    static final Downcall.OfWords EPOLL_CTL = Downcall.ofWords("epoll_ctl");
    static final Downcall.OnMemory EPOLL_WAIT = Downcall.onMemory("epoll_wait");
    static final Downcall.OfWords EVENTFD = Downcall.ofWords("eventfd");

    private Waiting() {}
  }

  static int poll(MemorySegment descriptors, int count, int timeoutMillis) {
    try {
      return Waiting.POLL.status(address(descriptors), count, timeoutMillis);
    } finally {
      Reference.reachabilityFence(descriptors);
    }
  }

  static int epollCreate(int flags) {
    return Waiting.EPOLL_CREATE1.status(flags);
  }

  static int epollCtl(int epoll, int operation, int fd, MemorySegment event) {
    try {
      return Waiting.EPOLL_CTL.status(epoll, operation, fd, address(event));
    } finally {
      Reference.reachabilityFence(event);
    }
  }

  static int epollWait(int epoll, MemorySegment event, int timeoutMillis) {
    return Waiting.EPOLL_WAIT.status(epoll, event, 1, timeoutMillis);
  }

  static int eventfd(int flags) {
    return Waiting.EVENTFD.status(0, flags);
  }

  private static final class Processes {
    static final long PIDFD_SEND_SIGNAL = 424;
    static final long PIDFD_OPEN = 434;

    private Processes() {}
  }

  static int pidfdOpen(int pid) {
    return (int) ByNumber.SYSCALL.word(Processes.PIDFD_OPEN, pid, 0, 0, 0, 0);
  }

  static int pidfdSendSignal(int pidfd, int signal) {
    return (int) ByNumber.SYSCALL.word(Processes.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0, 0);
  }

  private static final class Clocks {
    static final Downcall.OnMemory CLOCK_GETTIME = Downcall.onMemory("clock_gettime");

    private Clocks() {}
  }

  static int clockGettime(int clock, MemorySegment time) {
    return Clocks.CLOCK_GETTIME.status(clock, time, 0, 0);
  }

  private static final class Messages {
    static final Downcall.OfWords STRERROR = Downcall.ofWords("strerror");

    private Messages() {}
  }

  /** The C library's words for an error number. */
  static String strerror(int errno) {
    long text = Messages.STRERROR.word(errno, 0, 0, 0, 0, 0);
    return MemorySegment.ofAddress(text).reinterpret(256).getString(0);
  }

  /** For a function that is called with words. */
  private static long address(MemorySegment memory) {
    if (!memory.isNative()) {
      throw new IllegalArgumentException("a function of the C library takes native memory only");
    }
    return memory.address();
  }
}
