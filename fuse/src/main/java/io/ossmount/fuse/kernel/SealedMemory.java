package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that processes share, of a size that none of them can change: one that another holder can
 * shrink would end this process by a signal.
 */
final class SealedMemory {
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_NOEXEC_SEAL = 8;
  private static final int F_ADD_SEALS = 1033;
  private static final int F_GET_SEALS = 1034;
  private static final int SEAL_SEAL_SHRINK_GROW = 1 | 2 | 4;
  private static final int SEEK_END = 2;

  private SealedMemory() {}

  /** A new one, all zero; the caller owns it. */
  static Descriptor create(String name, long bytes) throws IOException {
    Descriptor memfd = new Descriptor(memfd(name));
    try {
      int fd = memfd.use();
      try {
        SystemCallException.check(Syscalls.ftruncate(fd, bytes), "ftruncate");
        SystemCallException.check(
            Syscalls.fcntl(fd, F_ADD_SEALS, SEAL_SEAL_SHRINK_GROW), "fcntl F_ADD_SEALS");
      } finally {
        memfd.endUse();
      }
      return memfd;
    } catch (IOException | RuntimeException e) {
      memfd.close();
      throw e;
    }
  }

  private static int memfd(String text) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(text);
      // Kernels from 6.3 on may insist on a memfd that cannot be executed; older ones know no flag.
      int fd = Syscalls.memfdCreate(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
      if (fd == -Errors.EINVAL) {
        fd = Syscalls.memfdCreate(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
      }
      return SystemCallException.check(fd, "memfd_create");
    }
  }

  /** Refuses what is not sealed, or has another size. */
  static void require(Descriptor memfd, long bytes) throws IOException {
    int fd = memfd.use();
    try {
      int seals = Syscalls.fcntl(fd, F_GET_SEALS, 0);
      if (seals < 0 || (seals & SEAL_SEAL_SHRINK_GROW) != SEAL_SEAL_SHRINK_GROW) {
        throw new IOException("memory of a session is not a sealed memfd");
      }
      long size = SystemCallException.check(Syscalls.lseek(fd, 0, SEEK_END), "lseek");
      if (size != bytes) {
        throw new IOException("memory of a session has %d bytes, not %d".formatted(size, bytes));
      }
    } finally {
      memfd.endUse();
    }
  }
}
