package io.ossmount.csi.node;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Whether to go on waiting for a server of a session: a pure function. */
final class AbortRule {
  /**
   * A server that was killed is back within this, and a pod that is ending may want to finish what
   * it does.
   */
  static final Duration LEAST = Duration.ofSeconds(10);

  /** What to do. */
  enum Verdict {
    WAIT,
    /** Nobody has served it within the time-out. */
    TIMED_OUT,
    /** All who use it are to end, and cannot as long as they wait. */
    UNWANTED
  }

  private AbortRule() {}

  /**
   * Judges.
   *
   * @param waited how long nobody has served it
   * @param timeout of its OssMount
   * @param users UIDs of the pods that use it
   * @param ending UIDs of the pods of the node that have been deleted; empty when that is not known
   */
  static Verdict judge(
      Duration waited, Duration timeout, Set<String> users, Optional<Set<String>> ending) {
    if (waited.compareTo(timeout) >= 0) {
      return Verdict.TIMED_OUT;
    }
    boolean isUnwanted =
        waited.compareTo(LEAST) >= 0
            && !users.isEmpty()
            && ending.filter(known -> known.containsAll(users)).isPresent();
    return isUnwanted ? Verdict.UNWANTED : Verdict.WAIT;
  }
}
