package io.ossmount.csi.fdstore;

import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.proto.session.v1.LiveSessions;
import java.util.List;

/**
 * Tells each cache pod which sessions of its OssMount are served or may still come: the whole list,
 * when it is another than the pod was told last. The pod gives up what earlier processes had of all
 * others, so a session must not be missing: where that is in doubt, the pod is told that. Guarded
 * by the lock of the {@link FdStore}.
 */
final class LiveSessionNotices {
  /** More than a node has volumes of one OssMount; the frame stays small. */
  static final int MOST = 1_000;

  private static final LiveSessions UNKNOWN = LiveSessions.newBuilder().setUnknown(true).build();

  private final LastTold<LiveSessions> told = new LastTold<>(null, Frames::live);

  /**
   * Tells those that do not know it yet.
   *
   * @param areAll whether no session can come that is not among these
   */
  void tell(List<PodLink> pods, List<Session> sessions, boolean areAll) {
    told.tell(pods, pod -> areAll ? list(sessions, pod.ossMountUid()) : UNKNOWN);
  }

  private static LiveSessions list(List<Session> sessions, String ossMountUid) {
    var names =
        sessions.stream()
            .filter(session -> session.isOf(ossMountUid) && !(session.state instanceof Over))
            .map(session -> session.info().name())
            .toList();
    return names.size() > MOST ? UNKNOWN : LiveSessions.newBuilder().addAllSessions(names).build();
  }
}
