package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * The kernel's end of a session: reads requests from a mounted {@code /dev/fuse} and writes answers
 * to it. Thread-safe: the kernel hands each request to one reader.
 *
 * <p>Never clone the descriptor (FUSE_DEV_IOC_CLONE): requests that were read through a clone are
 * aborted when it closes, and could not be answered by the next server.
 */
public final class FuseDevice implements AutoCloseable {
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

  /** Closes the descriptor. The connection lives while another holder has a duplicate. */
  @Override
  public void close() {
    descriptor.close();
  }
}
