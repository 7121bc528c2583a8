package io.ossmount.cache.supervise;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether platform threads of this process wait for locks of one another, which only its end can
 * end. The JVM knows for sure; it does not know it of virtual threads. One thread asks.
 */
final class Deadlocks {
  private static final Logger log = LoggerFactory.getLogger(Deadlocks.class);

  /** Asking stops all threads for some ten microseconds. */
  private static final int LOOKS = 2;

  private int looks;
  private boolean isThereOne;

  /** Looks every other time; the first time is not during the start. */
  boolean isThereOne() {
    looks++;
    if (!isThereOne && looks % LOOKS == 0) {
      long[] threads = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
      if (threads != null) {
        isThereOne = true;
        tell(threads);
      }
    }
    return isThereOne;
  }

  private static void tell(long[] threads) {
    for (ThreadInfo thread :
        ManagementFactory.getThreadMXBean().getThreadInfo(threads, true, true)) {
      log.error("deadlock: {}", thread);
    }
  }
}
