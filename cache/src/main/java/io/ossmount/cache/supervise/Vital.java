package io.ossmount.cache.supervise;

import java.time.Duration;

/**
 * Something of the server whose standing still means that the server hangs. What may rightly take
 * longer (a disk, the store, another process) is none.
 */
@FunctionalInterface
public interface Vital {
  /** Whether it moves within this time. May wait so long; is asked by one thread. */
  boolean moves(Duration within) throws InterruptedException;
}
