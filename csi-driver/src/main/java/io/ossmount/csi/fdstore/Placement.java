package io.ossmount.csi.fdstore;

import io.ossmount.csi.fdstore.SessionState.Asked;
import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.csi.fdstore.SessionState.Over.Cause;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.csi.fdstore.SessionState.Unclaimed;
import io.ossmount.csi.fdstore.SessionState.Unserved;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which process has which session. The rule: while the process that had a session last lives, no
 * other one gets it, whatever anybody says; a stand-in of this process counts as one, and ends
 * before the next one is asked. All of it with the lock of the {@link SessionTable}.
 */
final class Placement {
  private static final Logger LOG = LoggerFactory.getLogger(Placement.class);

  private final SessionTable sessions;
  private final PodRoster pods;
  private final StandInOffice standIns;
  private final LongSupplier nanos;
  private final InstantSource clock;

  /** Processes whose end is waited for; one wait for all sessions that come and go. */
  private final Set<ServerProcess> awaited = new HashSet<>();

  /** Names of sessions that are served, and not known here; as many as there are files of them. */
  private final Set<String> leftAlone = new HashSet<>();

  private long takeovers;
  private long aborted;

  Placement(
      SessionTable sessions,
      PodRoster pods,
      StandInOffice standIns,
      LongSupplier nanos,
      InstantSource clock) {
    this.sessions = sessions;
    this.pods = pods;
    this.standIns = standIns;
    this.nanos = nanos;
    this.clock = clock;
  }

  void become(Session session, SessionState next) {
    session.become(next, nanos.getAsLong());
  }

  /** The session is over now. */
  void end(Session session, Cause cause) {
    become(session, new Over(cause, clock.instant()));
  }

  /** Nobody has kept its descriptors. */
  void hasNoHolder(Session session) {
    session.aborted.ifPresentOrElse(
        since -> become(session, new Over(Cause.ABORTED, since)),
        () -> end(session, Cause.HOLDERS_GONE));
  }

  /** The kernel has ended the connection, as it does when it is unmounted. */
  void hasEnded(Session session) {
    end(session, session.unwanted ? Cause.UNMOUNTED : Cause.DISCONNECTED);
  }

  /** For how long a session that is out has been so. */
  Duration waited(Session session) {
    return Duration.ofNanos(Math.max(0, nanos.getAsLong() - session.servedUntil));
  }

  /** How many sessions were given up. */
  long aborted() {
    return aborted;
  }

  /** Nobody is to serve the session any more; false when somebody does, or it is over. */
  boolean abort(Session session) {
    if (!session.isOut()) {
      return false;
    }
    aborted++;
    session.state.pod().ifPresent(pod -> pod.send(Frames.forget(session.info().name()), List.of()));
    end(session, Cause.ABORTED);
    if (session.descriptors != null) {
      // When no one else has them, this ends the connection.
      session.descriptors.close();
    }
    return true;
  }

  long takeovers() {
    return takeovers;
  }

  /**
   * Asks the newest pod to serve a session that has no server, if that may be now. There is a
   * stand-in until then.
   */
  void findServer(Session session) {
    askNewest(session);
    var descriptors = session.descriptors;
    if (descriptors != null && session.isOrphaned()) {
      beginStandIn(session, descriptors);
    }
  }

  /** The same; what goes wrong with one session is not to keep the others from their servers. */
  void tryToFindServer(Session session) {
    try {
      findServer(session);
    } catch (RuntimeException | Error e) {
      LOG.error("session {} is left for later", session, e);
    }
  }

  private void beginStandIn(Session session, Descriptors descriptors) {
    try {
      standIns
          .begin(session.info(), descriptors, () -> sessions.run(() -> disconnected(session)))
          .ifPresent(begun -> session.standIn = begun);
      session.lacksStandIn = false;
    } catch (IOException e) {
      // Tried again every second: once is enough to tell.
      if (!session.lacksStandIn) {
        LOG.error("session {} has no stand-in for now: {}", session, e.toString());
      }
      session.lacksStandIn = true;
    }
  }

  /** The kernel has ended the connection, says the stand-in. */
  private void disconnected(Session session) {
    if (session.standIn != null) {
      hasEnded(session);
    }
  }

  private void askNewest(Session session) {
    var next = pods.newest(session.info().key().ossMountUid());
    var descriptors = session.descriptors;
    var backing = session.backing;
    if (next.isEmpty()
        || descriptors == null
        || backing == null
        || session.unwanted
        || !(session.state instanceof Unserved)) {
      return;
    }
    var pod = next.get();
    if (session.isHeldBesides(pod.process())) {
      LOG.info("session {} waits for the end of {}", session, session.holder);
      return;
    }
    become(session, new Asked(pod));
    take(session, pod);
    session.holderKeepsIt = false;
    pod.send(Frames.serve(session.info(), backing.passTo(pod)), descriptors.inOrder());
  }

  void leaveAlone(String name) {
    leftAlone.add(name);
  }

  /** Takes a session whose descriptors a cache pod holds. */
  Session adopt(SessionInfo info, String device) {
    leftAlone.remove(info.name());
    var session = sessions.put(info, device, new Unclaimed(), null);
    become(session, new Unclaimed());
    return session;
  }

  /** The pod says that it has been serving the session. Takes over what it hands back. */
  void reclaim(PodLink pod, String name, Held held) {
    var session = sessions.get(name);
    if (leftAlone.contains(name)) {
      // Without its descriptors here, the mount ends with the pod instead of waiting for another.
      LOG.warn("session {} goes on with {} alone", name, inWords(pod));
      held.descriptors().close();
      return;
    }
    if (session == null || session.unwanted || !mayClaim(session, pod)) {
      held.descriptors().close();
      pod.send(Frames.forget(name), List.of());
      return;
    }
    if (session.descriptors == null) {
      session.own(held.descriptors());
    } else {
      held.descriptors().close();
    }
    become(session, new Serving(pod));
    take(session, pod);
    session.holderKeepsIt = true;
    var backing = session.backing;
    if (backing != null) {
      held.backing().ifPresentOrElse(ids -> backing.claim(pod, ids), () -> backing.passTo(pod));
    }
  }

  private static boolean mayClaim(Session session, PodLink pod) {
    // A dead process may have sent it before it died: the next one was told that it is over.
    boolean isEnded =
        session.state instanceof Over && (session.descriptors != null || !pod.process().isAlive());
    boolean may =
        session.isOf(pod.ossMountUid())
            && !isEnded
            // Nobody was given it since its server died.
            && session.standIn == null
            && !session.isHeldBesides(pod.process());
    if (!may) {
      LOG.warn("{} may not claim session {}: {}", inWords(pod), session, session.state.inWords());
    }
    return may;
  }

  /** The pod's process may read the session's descriptor from now on. */
  private void take(Session session, PodLink pod) {
    var process = pod.process();
    session.holderHasToAnswer = pod.answersPings();
    if (process.equals(session.holder)) {
      return;
    }
    takeovers += session.holder == null ? 0 : 1;
    session.holder = process;
    if (awaited.add(process)) {
      var _ = process.end().thenRun(() -> sessions.run(() -> hasEnded(process)));
    }
  }

  private void hasEnded(ServerProcess process) {
    awaited.remove(process);
    LOG.info("{} has ended", process);
    sessions.all().stream()
        .filter(session -> process.equals(session.holder))
        .forEach(this::tryToFindServer);
  }

  static String inWords(PodLink pod) {
    return "cache pod " + pod.label() + " (" + pod.process() + ")";
  }
}
