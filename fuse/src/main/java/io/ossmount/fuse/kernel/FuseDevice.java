package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The kernel's end of a session: reads requests from a mounted {@code /dev/fuse} and writes answers
 * to it. Thread-safe: the kernel hands each request to one reader.
 *
 * <p>Never clone the descriptor (FUSE_DEV_IOC_CLONE): requests that were read through a clone are
 * aborted when it closes, and could not be answered by the next server.
 */
public final class FuseDevice implements AutoCloseable {
  /** {@code FUSE_DEV_IOC_BACKING_OPEN} and {@code _CLOSE} of {@code linux/fuse.h}. */
  private static final long BACKING_OPEN = 0x4010E501L;

  private static final long BACKING_CLOSE = 0x4004E502L;

  /** {@code struct fuse_backing_map}: descriptor, flags, padding. */
  private static final int BACKING_MAP_BYTES = 16;

  private final Descriptor descriptor;

  /** Takes over the descriptor and makes it non-blocking, for each of its holders. */
  public FuseDevice(Descriptor descriptor) throws IOException {
    this.descriptor = descriptor;
    descriptor.setNonBlocking();
  }

  /** The descriptor; stays owned by this. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /**
   * Reads the next request.
   *
   * @return its length in bytes, or a negated errno: EAGAIN when there is none, ENODEV when the
   *     connection is over, also after {@link #close()}
   */
  public int read(MemorySegment into) {
    if (!descriptor.tryUse()) {
      return -Errors.ENODEV;
    }
    try {
      return (int) Syscalls.read(descriptor.number(), into, into.byteSize());
    } finally {
      descriptor.endUse();
    }
  }

  /**
   * Writes an answer or a notification.
   *
   * @param length bytes of {@code from} that are the message, header included
   * @return {@code length}, or a negated errno: ENOENT when no one waits for the answer any more
   */
  public int write(MemorySegment from, long length) {
    if (!descriptor.tryUse()) {
      return -Errors.ENODEV;
    }
    try {
      return (int) Syscalls.write(descriptor.number(), from, length);
    } finally {
      descriptor.endUse();
    }
  }

  /**
   * Names a file to the kernel that it may read in the place of nodes. Needs CAP_SYS_ADMIN.
   *
   * @param file a regular file, open for what nodes are to be opened for; may be closed afterwards
   * @return its id in this connection, greater than 0
   * @throws SystemCallException EPERM: no right to; EOPNOTSUPP: not negotiated, or a file system
   *     that cannot be read so; ELOOP: one that is stacked on another
   */
  public static int openBacking(Descriptor device, Descriptor file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment map = arena.allocate(BACKING_MAP_BYTES, Long.BYTES);
      int number = file.use();
      try {
        map.set(JAVA_INT, 0, number);
        return ioctl(device, BACKING_OPEN, map, "ioctl FUSE_DEV_IOC_BACKING_OPEN");
      } finally {
        file.endUse();
      }
    }
  }

  /** Takes an id back; what is open with it goes on. */
  public static void closeBacking(Descriptor device, int id) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocateFrom(JAVA_INT, id);
      ioctl(device, BACKING_CLOSE, argument, "ioctl FUSE_DEV_IOC_BACKING_CLOSE");
    }
  }

  private static int ioctl(Descriptor device, long request, MemorySegment argument, String name)
      throws IOException {
    int fd = device.use();
    try {
      return SystemCallException.check(Syscalls.ioctl(fd, request, argument), name);
    } finally {
      device.endUse();
    }
  }

  /** Closes the descriptor. The connection lives while another holder has a duplicate. */
  @Override
  public void close() {
    descriptor.close();
  }
}
