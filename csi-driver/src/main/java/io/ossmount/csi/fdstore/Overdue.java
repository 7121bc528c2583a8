package io.ossmount.csi.fdstore;

import java.time.Duration;

/**
 * What to do about a session that has waited too long for the process that holds it: a pure
 * function.
 */
final class Overdue {
  /** Serve was sent; a pod that cannot serve says so at once. */
  static final Duration ANSWER = Duration.ofSeconds(30);

  /** A pod whose connection broke connects again within 3 s. */
  static final Duration CONNECT = Duration.ofSeconds(8);

  /** Reason of a session whose pod did not answer. */
  static final String NO_ANSWER = "NoAnswer";

  /** What to do. */
  enum Verdict {
    WAIT,
    /** The pod does not answer: that is to be told. */
    TELL,
    /** The process stands in the way, and does nothing: it is to be killed. */
    KILL
  }

  private Overdue() {}

  /**
   * Whether nobody has handed it back since this process knows it, though a pod would have by now.
   *
   * @param now in nanoseconds
   */
  static boolean isUnclaimedTooLong(Session session, long now) {
    return session.state instanceof SessionState.Unclaimed
        && now - session.since > CONNECT.toNanos();
  }

  /**
   * Judges.
   *
   * @param isConnected whether the process that holds the session has a connection
   * @param hasOther whether another pod could serve it
   * @param now in nanoseconds
   */
  static Verdict judge(Session session, boolean isConnected, boolean hasOther, long now) {
    long waited = now - session.since;
    return switch (session.state) {
      case SessionState.Asked _ -> waited > ANSWER.toNanos() ? Verdict.TELL : Verdict.WAIT;
      case SessionState.NotServing(_, var reason, _)
          when reason.equals(NO_ANSWER) && hasOther && session.holderHasToAnswer ->
          Verdict.KILL;
      case SessionState.Unserved _ -> {
        var holder = session.holder;
        boolean isLost =
            holder != null && !isConnected && session.holderHasToAnswer && holder.isAlive();
        yield isLost && waited > CONNECT.toNanos() ? Verdict.KILL : Verdict.WAIT;
      }
      default -> Verdict.WAIT;
    };
  }
}
