package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.SeenTask;
import io.ossmount.proto.session.v1.AskThreads;

/**
 * Answers what a cache pod asks about the threads whose requests it sees, and which run in
 * processes that it does not see. Thread-safe.
 *
 * <p>The answer is yes or no, and no for whatever is not plain: a pod that asks about others learns
 * that two numbers are those of two processes, and about when one began.
 */
final class ThreadQuestions {
  /** More than a pod asks for; each is looked up in /proc. */
  static final int MOST = 64;

  private final FdStore store;
  private final PodLink pod;

  ThreadQuestions(FdStore store, PodLink pod) {
    this.store = store;
    this.pod = pod;
  }

  /** Whether each author certainly lives, and none is of the closer's process. */
  boolean allLiveApart(AskThreads asked) {
    boolean makesSense =
        asked.getCloser() > 0
            && asked.getAuthorsCount() > 0
            && asked.getAuthorsCount() <= MOST
            && asked.getAuthorsList().stream().allMatch(author -> author.getThread() > 0);
    return makesSense
        && store.isServedBy(pod, asked.getSession())
        && SeenTask.allLiveApartFrom(
            asked.getCloser(),
            asked.getAuthorsList().stream()
                .map(author -> new SeenTask(author.getThread(), author.getTick()))
                .toList());
  }
}
