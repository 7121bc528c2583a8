package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * What becomes of a thread that waits in the kernel. To ask waits for nothing but the processor.
 */
public enum TaskFate {
  /** Goes on, as far as one can see. */
  LIVES,
  /** A signal ends it as soon as the kernel lets it, or is just ending it. */
  DIES,
  /** There is no such thread. */
  GONE;

  /**
   * Asks.
   *
   * @param tid number of the thread as this process sees it, greater than 0
   */
  public static TaskFate of(int tid) {
    try {
      TaskStatus status = TaskStatus.read(tid);
      if (status.isKilled()) {
        return DIES;
      }
      // One that has memory may be in exec(2).
      return !status.hasMemory() && TaskStat.read(tid).isEndedBySignal() ? DIES : LIVES;
    } catch (NoSuchFileException e) {
      return GONE;
    } catch (IOException e) {
      // ESRCH: it ended while it was looked at. The next look says so.
      return LIVES;
    }
  }
}
