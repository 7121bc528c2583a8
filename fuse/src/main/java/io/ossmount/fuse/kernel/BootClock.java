package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The time since the machine started, as the kernel says it of a thread's start. */
final class BootClock {
  /** USER_HZ is 100 on x86-64 and arm64: {@code sysconf(_SC_CLK_TCK)}. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final int CLOCK_BOOTTIME = 7;

  /** A {@code timespec}; one for each thread, so that no call needs an arena. */
  private static final ThreadLocal<MemorySegment> TIME =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(2 * JAVA_LONG.byteSize(), 8));

  private BootClock() {}

  /** Whole ticks of a hundredth of a second; 0, before everything, when the kernel does not say. */
  static long ticks() {
    MemorySegment time = TIME.get();
    if (Syscalls.clockGettime(CLOCK_BOOTTIME, time) < 0) {
      return 0;
    }
    long nanos = time.get(JAVA_LONG, 0) * NANOS_PER_SECOND + time.get(JAVA_LONG, 8);
    return nanos / NANOS_PER_TICK;
  }
}
