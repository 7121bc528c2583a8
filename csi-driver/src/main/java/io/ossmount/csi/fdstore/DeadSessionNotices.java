package io.ossmount.csi.fdstore;

import com.google.protobuf.Timestamp;
import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.proto.session.v1.DeadSession;
import io.ossmount.proto.session.v1.DeadSessions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Tells each cache pod which sessions of its OssMount are over and still mounted: the whole list,
 * when it is another than the pod was told last. Who heals or unmounts such a session removes it
 * from the store, and so from the list. Guarded by the lock of the {@link FdStore}.
 */
final class DeadSessionNotices {
  /** Nobody reads more of them in a condition; the frame stays small. */
  static final int MOST = 100;

  private static final DeadSessions NONE = DeadSessions.getDefaultInstance();

  private final LastTold<DeadSessions> told = new LastTold<>(NONE, Frames::dead);

  /** Tells those that do not know it yet. */
  void tell(List<PodLink> pods, List<Session> sessions) {
    told.tell(
        pods,
        pod -> list(sessions.stream().filter(session -> session.isOf(pod.ossMountUid())).toList()));
  }

  private static DeadSessions list(List<Session> sessions) {
    var dead =
        sessions.stream()
            .filter(session -> session.state instanceof Over over && over.isDead())
            .map(session -> new Dead(session.info(), (Over) session.state))
            .sorted(Comparator.comparing(Dead::since).thenComparing(Dead::name))
            .toList();
    if (dead.isEmpty()) {
      return NONE;
    }
    var message = DeadSessions.newBuilder().setMore(Math.max(0, dead.size() - MOST));
    dead.stream().limit(MOST).map(Dead::message).forEach(message::addSessions);
    return message.build();
  }

  private record Dead(SessionInfo info, Over over) {
    Instant since() {
      return over.since();
    }

    String name() {
      return info.name();
    }

    DeadSession message() {
      return DeadSession.newBuilder()
          .setSession(name())
          .setVolume(info.key().volume().value())
          .setReason(reason())
          .setSince(timestamp(since()))
          .build();
    }

    private static Timestamp timestamp(Instant instant) {
      return Timestamp.newBuilder()
          .setSeconds(instant.getEpochSecond())
          .setNanos(instant.getNano())
          .build();
    }

    private String reason() {
      return switch (over.cause()) {
        case ABORTED -> "Aborted";
        case HOLDERS_GONE -> "HoldersGone";
        case UNMOUNTED, DISCONNECTED -> "Disconnected";
      };
    }
  }
}
