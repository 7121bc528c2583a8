package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A thread that was seen doing something, to be told later from one that has its number by then.
 *
 * @param tid its number, as the process that made the mount sees it
 * @param tick when that was, in hundredths of a second since the machine started; all processes of
 *     a machine have the same, but for those in a time namespace
 */
public record SeenTask(int tid, long tick) {
  /** Seen just now. Waits for nothing. */
  public static SeenTask now(int tid) {
    return new SeenTask(tid, BootClock.ticks());
  }

  /**
   * Whether each of these certainly lives still, and none is of the process of {@code other}: no
   * when anything about it is in doubt. May wait for a part of a second. Reads only what does not
   * wait of {@code other}, which may be in exec(2) until it is answered.
   *
   * @param other number of a thread that waits in the kernel
   */
  public static boolean allLiveApartFrom(int other, List<SeenTask> tasks) {
    if (!TaskStatus.isOfOwnNamespace()) {
      return false;
    }
    try {
      OptionalInt process = TaskStatus.read(other).process();
      if (process.isEmpty()) {
        return false;
      }
      for (SeenTask task : tasks) {
        if (!task.livesOutside(process.getAsInt())) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      // One of them has ended.
      return false;
    }
  }

  private boolean livesOutside(int process) throws IOException {
    OptionalLong before = TaskStarts.of(tid);
    TaskStatus now = TaskStatus.read(tid);
    // Else one has ended in between, and another has its number.
    return livesOutside(process, now, before) && before.equals(TaskStarts.of(tid));
  }

  /**
   * Judges by what the kernel says of it now. Numbers are given out in turn: in the same hundredth
   * of a second none comes round.
   */
  boolean livesOutside(int process, TaskStatus now, OptionalLong start) {
    boolean isAnother = now.process().isPresent() && now.process().getAsInt() != process;
    boolean isSame = start.isPresent() && start.getAsLong() <= tick;
    return isAnother && isSame && now.hasMemory() && !now.isKilled();
  }
}
