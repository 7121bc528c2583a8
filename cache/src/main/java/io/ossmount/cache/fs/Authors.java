package io.ossmount.cache.fs;

import io.ossmount.cache.serve.Processes;
import io.ossmount.fuse.kernel.SeenTask;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whose changes of a file OSS does not have: the threads that made, cut or wrote it. Their
 * processes are the ones that close(2) promises something.
 *
 * <p>Problem: FLUSH comes for each descriptor that is closed, also for those that a process
 * inherits and its exec(2) closes; an upload then sends half a file, and who starts a program waits
 * for it. Solution: the FLUSH of a process that has changed nothing means nothing as long as all
 * those live that have: their own is still to come, or RELEASE. In doubt it is theirs.
 *
 * @param threads each once, as it was when it was seen first
 * @param isWhole whether there are no others
 */
record Authors(List<SeenTask> threads, boolean isWhole) {
  /** A program that writes one file with more threads waits for its child's FLUSH. */
  static final int MOST = 16;

  static final Authors NONE = new Authors(List.of(), true);
  static final Authors UNKNOWN = new Authors(List.of(), false);

  /**
   * This thread as well.
   *
   * @param thread 0: the kernel, for whoever changed a mapped page, or one that cannot be seen
   */
  Authors and(int thread) {
    if (!isWhole || has(thread)) {
      return this;
    }
    if (thread <= 0 || threads.size() == MOST) {
      return UNKNOWN;
    }
    return new Authors(
        Stream.concat(threads.stream(), Stream.of(SeenTask.now(thread))).toList(), true);
  }

  /** Whether a FLUSH of this thread is none of theirs. Waits as {@code processes} does. */
  boolean liveApartFrom(int closer, Processes processes) {
    boolean canTell = isWhole && !threads.isEmpty() && closer > 0;
    return canTell && !has(closer) && processes.allLiveApart(threads, closer);
  }

  private boolean has(int thread) {
    // Each write asks.
    for (SeenTask task : threads) {
      if (task.tid() == thread) {
        return true;
      }
    }
    return false;
  }
}
