package io.ossmount.cache.control;

import io.ossmount.proto.control.v1.DeadSession;
import io.ossmount.proto.control.v1.DeadSessions;
import java.time.Instant;
import java.util.List;

/**
 * The node's sessions of this mount that are over and still mounted in pods, as the operator is
 * told.
 *
 * @param sessions the oldest first, {@value #MOST} at most
 * @param more how many there are besides these
 */
public record DeadSessionsReport(List<Dead> sessions, int more) {
  /** So many are named. */
  public static final int MOST = 100;

  /** There is none. */
  public static final DeadSessionsReport NONE = new DeadSessionsReport(List.of(), 0);

  /** Takes a copy of the list, and cuts it. */
  public DeadSessionsReport {
    more += Math.max(0, sessions.size() - MOST);
    sessions = sessions.stream().limit(MOST).toList();
  }

  /**
   * One that is over.
   *
   * @param reason CamelCase, as in {@code session.proto}
   */
  public record Dead(String session, String volume, String reason, Instant since) {}

  DeadSessions message() {
    DeadSessions.Builder message = DeadSessions.newBuilder().setMore(more);
    for (Dead dead : sessions) {
      message.addSessions(
          DeadSession.newBuilder()
              .setSession(dead.session())
              .setVolume(dead.volume())
              .setReason(dead.reason())
              .setSince(TrafficMessages.timestamp(dead.since())));
    }
    return message.build();
  }
}
