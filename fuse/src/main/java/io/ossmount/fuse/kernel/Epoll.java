package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits for many descriptors with few threads: epoll(7), level-triggered, one event at a time.
 * Thread-safe; {@link Waiter}s are not.
 */
public final class Epoll implements AutoCloseable {
  /** Token that no descriptor may be added with: {@link #wakeAll()} was called. */
  public static final long WOKEN = -1;

  /** There was no event in the time. */
  public static final long TIMEOUT = -2;

  private static final int CTL_ADD = 1;
  private static final int CTL_DEL = 2;
  private static final int CTL_MOD = 3;
  private static final int IN = 1;
  private static final int CLOEXEC = 02000000;
  private static final int NONBLOCK = 04000;

  /** The kernel packs {@code struct epoll_event} on x86-64 only. */
  private static final long DATA_OFFSET = System.getProperty("os.arch", "").equals("amd64") ? 4 : 8;

  private final Descriptor epoll;
  private final Descriptor wakeUp;

  /** An epoll without descriptors. */
  public Epoll() throws IOException {
    epoll =
        new Descriptor(SystemCallException.check(Syscalls.epollCreate(CLOEXEC), "epoll_create1"));
    try {
      int flags = CLOEXEC | NONBLOCK;
      wakeUp = new Descriptor(SystemCallException.check(Syscalls.eventfd(flags), "eventfd"));
    } catch (IOException e) {
      epoll.close();
      throw e;
    }
    control(CTL_ADD, wakeUp, IN, WOKEN);
  }

  /** Waits for input of the descriptor from now on; {@code token} (not negative) names it. */
  public void add(Descriptor descriptor, long token) throws IOException {
    control(CTL_ADD, descriptor, IN, token);
  }

  /** Does not wait for its input until {@link #resume}; its end is still reported. */
  public void pause(Descriptor descriptor, long token) throws IOException {
    control(CTL_MOD, descriptor, 0, token);
  }

  /** Waits for its input again. */
  public void resume(Descriptor descriptor, long token) throws IOException {
    control(CTL_MOD, descriptor, IN, token);
  }

  /** Forgets the descriptor. */
  public void remove(Descriptor descriptor) throws IOException {
    control(CTL_DEL, descriptor, 0, 0);
  }

  /** Every present and later wait returns {@link #WOKEN}. */
  public void wakeAll() {
    if (!wakeUp.tryUse()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(8, 8);
      one.set(JAVA_INT, 0, 1);
      Syscalls.write(wakeUp.number(), one, 8);
    } finally {
      wakeUp.endUse();
    }
  }

  /** One thread's way to wait. */
  public Waiter waiter() {
    return new Waiter();
  }

  @Override
  public void close() {
    epoll.close();
    wakeUp.close();
  }

  private void control(int operation, Descriptor descriptor, int events, long token)
      throws IOException {
    int epollFd = epoll.use();
    try (Arena arena = Arena.ofConfined()) {
      int fd = descriptor.use();
      try {
        MemorySegment event = arena.allocate(16, 8);
        event.set(JAVA_INT, 0, events);
        event.set(JAVA_LONG_UNALIGNED, DATA_OFFSET, token);
        SystemCallException.check(Syscalls.epollCtl(epollFd, operation, fd, event), "epoll_ctl");
      } finally {
        descriptor.endUse();
      }
    } finally {
      epoll.endUse();
    }
  }

  /** Waits with a buffer of its own; for one thread. */
  public final class Waiter {
    private final MemorySegment event = Arena.ofAuto().allocate(16, 8);

    private Waiter() {}

    /**
     * Waits for one event; not on a virtual thread.
     *
     * @param timeoutMillis negative: without end
     * @return the token of a descriptor that is ready, {@link #WOKEN} (also when closed) or {@link
     *     #TIMEOUT}
     */
    public long await(int timeoutMillis) throws SystemCallException {
      Blocking.requirePlatformThread("epoll_wait");
      if (!epoll.tryUse()) {
        return WOKEN;
      }
      try {
        int ready;
        do {
          ready = Syscalls.epollWait(epoll.number(), event, timeoutMillis);
        } while (ready == -Errors.EINTR);
        if (SystemCallException.check(ready, "epoll_wait") == 0) {
          return TIMEOUT;
        }
        return event.get(JAVA_LONG_UNALIGNED, DATA_OFFSET);
      } finally {
        epoll.endUse();
      }
    }
  }
}
