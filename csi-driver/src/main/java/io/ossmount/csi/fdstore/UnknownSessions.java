package io.ossmount.csi.fdstore;

import io.ossmount.proto.session.v1.SessionOptions;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of which the plugin has lost what they are for. Who serves one goes on with it. When
 * he hands it back and says what he was told that it is for, and its name was made for that, it is
 * known again, and another one may go on with it. Thread-safe.
 */
final class UnknownSessions {
  private static final Logger LOG = LoggerFactory.getLogger(UnknownSessions.class);

  private final SessionTable sessions;
  private final Placement placement;

  /** By name, as many as there are files of them. Guarded by the lock of the table. */
  private final Map<String, UnknownSession> unknown = new HashMap<>();

  UnknownSessions(SessionTable sessions, Placement placement) {
    this.sessions = sessions;
    this.placement = placement;
  }

  void add(UnknownSession session) {
    sessions.run(() -> {
      unknown.put(session.name(), session);
      placement.leaveAlone(session.name());
    });
  }

  /** Whether no session can become known that is not. With the lock. */
  boolean isEmpty() {
    return unknown.isEmpty();
  }

  /** The session with this device stays unknown, whatever its cache pod says. With the lock. */
  void giveUp(String device) {
    unknown.values().removeIf(session -> session.device().equals(device));
  }

  /** What a pod says of those that it hands back. One pod at a time: files are written. */
  synchronized void recall(PodLink pod, Map<String, Held> held) {
    held.forEach((name, handed) ->
        handed
            .options()
            .ifPresent(options -> {
              var session = sessions.locked(() -> unknown.get(name));
              if (session != null) {
                recall(session, pod, options);
              }
            }));
  }

  private void recall(UnknownSession session, PodLink pod, SessionOptions options) {
    var told = SessionInfo.told(session.name(), options, pod.ossMountUid(), session.ossMount());
    if (told.isEmpty()) {
      LOG.error("{} says what session {} cannot be for", Placement.inWords(pod), session.name());
    } else if (session.recalled().test(told.get())) {
      sessions.run(() -> {
        if (unknown.remove(session.name(), session)) {
          placement.adopt(told.get(), session.device());
          LOG.info("{} says what session {} is for", Placement.inWords(pod), session.name());
        }
      });
    }
  }
}
