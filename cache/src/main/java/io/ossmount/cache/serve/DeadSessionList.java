package io.ossmount.cache.serve;

import io.ossmount.cache.control.DeadSessionsReport;
import io.ossmount.cache.control.DeadSessionsReport.Dead;
import io.ossmount.proto.session.v1.DeadSession;
import io.ossmount.proto.session.v1.DeadSessions;
import java.time.Instant;

/**
 * What the node plugin said last of sessions that are over and still mounted. While there is no
 * connection that holds on: nobody heals them then. Thread-safe.
 */
final class DeadSessionList {
  private volatile DeadSessionsReport last = DeadSessionsReport.NONE;

  /** A plugin that is new here says which there are, if there are any. */
  void connected() {
    last = DeadSessionsReport.NONE;
  }

  void told(DeadSessions said) {
    last =
        new DeadSessionsReport(
            said.getSessionsList().stream().map(DeadSessionList::dead).toList(), said.getMore());
  }

  DeadSessionsReport report() {
    return last;
  }

  private static Dead dead(DeadSession dead) {
    return new Dead(
        dead.getSession(),
        dead.getVolume(),
        dead.getReason(),
        Instant.ofEpochSecond(dead.getSince().getSeconds(), dead.getSince().getNanos()));
  }
}
