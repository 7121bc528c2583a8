package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A descriptor that is readable from {@link #ring()} to {@link #silence()}: eventfd(2).
 * Thread-safe.
 */
public final class Bell implements AutoCloseable {
  private static final int CLOEXEC = 02000000;
  private static final int NONBLOCK = 04000;

  private final Descriptor eventfd;

  /** A silent one. */
  public Bell() throws SystemCallException {
    eventfd =
        new Descriptor(SystemCallException.check(Syscalls.eventfd(CLOEXEC | NONBLOCK), "eventfd"));
  }

  /** To be waited for; stays owned by this. */
  public Descriptor descriptor() {
    return eventfd;
  }

  /** Makes it readable. Never waits. */
  public void ring() {
    transfer(true);
  }

  /** Makes it unreadable again. Never waits. */
  public void silence() {
    transfer(false);
  }

  private void transfer(boolean isRing) {
    if (!eventfd.tryUse()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocateFrom(JAVA_LONG, 1L);
      if (isRing) {
        Syscalls.write(eventfd.number(), count, Long.BYTES);
      } else {
        Syscalls.read(eventfd.number(), count, Long.BYTES);
      }
    } finally {
      eventfd.endUse();
    }
  }

  @Override
  public void close() {
    eventfd.close();
  }
}
