package io.ossmount.operator.control;

import io.ossmount.proto.control.v1.DeadSession;
import java.time.Instant;
import java.util.List;

/**
 * The sessions of a node that are over and still mounted in pods.
 *
 * @param sessions the oldest first
 * @param more how many there are besides these
 */
public record DeadSessions(List<Dead> sessions, long more) {
  /** There is none. */
  public static final DeadSessions NONE = new DeadSessions(List.of(), 0);

  /** So many are kept: what comes over the wire is bounded by us. */
  static final int MOST = 100;

  /** Of the id of a volume, which has no more than this. */
  private static final int MAX_CHARS = 128;

  /** Copies. */
  public DeadSessions {
    sessions = List.copyOf(sessions);
  }

  /**
   * One of them.
   *
   * @param volume its id, as CSI knows it
   * @param aborted it was given up, as nobody served it; else its connection ended otherwise
   * @param since when it was found to be over
   */
  public record Dead(String session, String volume, boolean aborted, Instant since) {}

  /** Whether there is none. */
  public boolean isEmpty() {
    return sessions.isEmpty();
  }

  static DeadSessions of(io.ossmount.proto.control.v1.DeadSessions said) {
    return new DeadSessions(
        said.getSessionsList().stream().limit(MOST).map(DeadSessions::dead).toList(),
        Integer.toUnsignedLong(said.getMore()) + Math.max(0, said.getSessionsCount() - MOST));
  }

  private static Dead dead(DeadSession dead) {
    return new Dead(
        shorten(dead.getSession()),
        shorten(dead.getVolume()),
        dead.getReason().equals("Aborted"),
        Instant.ofEpochSecond(dead.getSince().getSeconds(), dead.getSince().getNanos()));
  }

  private static String shorten(String text) {
    return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
  }
}
