package io.ossmount.csi.fdstore;

import io.ossmount.csi.fdstore.SessionState.NotServing;
import io.ossmount.csi.fdstore.SessionState.Unclaimed;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after those who do not do what they should: a process that hangs is killed, so that its
 * sessions go to the next one; a session that nobody can have is over; one whose server is dead is
 * tried again to find a server or a stand-in for, if that failed. One thread at a time.
 */
final class Overseer {
  private static final Logger LOG = LoggerFactory.getLogger(Overseer.class);

  /** After a pause of this process itself nobody is to blame for not having been heard. */
  private static final long OWN_PAUSE_NANOS = Duration.ofSeconds(4).toNanos();

  /** To look through all processes of a node takes a while. */
  private static final int TICKS_BETWEEN_JUDGEMENTS = 5;

  private final SessionTable sessions;
  private final PodRoster pods;
  private final Placement placement;
  private final DescriptorHolders holders;
  private final LongSupplier nanos;
  private long lastTick;
  private long ticks;
  private long killed;

  Overseer(
      SessionTable sessions,
      PodRoster pods,
      Placement placement,
      DescriptorHolders holders,
      LongSupplier nanos) {
    this.sessions = sessions;
    this.pods = pods;
    this.placement = placement;
    this.holders = holders;
    this.nanos = nanos;
    this.lastTick = nanos.getAsLong();
  }

  /** How many processes were killed. With the lock. */
  long killed() {
    return killed;
  }

  /** One look at all pods and sessions. */
  void tick() {
    sessions.run(() -> {
      long now = nanos.getAsLong();
      if (now - lastTick > OWN_PAUSE_NANOS) {
        LOG.warn("this process stood still for {} s", Duration.ofNanos(now - lastTick).toSeconds());
        sessions.all().forEach(session -> session.stoodStill(now, now - lastTick));
      }
      lastTick = now;
      for (var pod : pods.all()) {
        if (!pod.isWell(now)) {
          kill(pod.process(), Placement.inWords(pod) + " does not answer");
        }
      }
      sessions.all().forEach(session -> look(session, now));
    });
    if (++ticks % TICKS_BETWEEN_JUDGEMENTS == 0) {
      judgeUnclaimed();
    }
  }

  private void look(Session session, long now) {
    if (session.hasLostItsServer()) {
      placement.tryToFindServer(session);
    }
    var holder = session.holder;
    boolean isConnected = holder != null && pods.has(holder);
    boolean hasOther =
        pods.newest(session.info().key().ossMountUid())
            .filter(pod -> !pod.process().equals(holder))
            .isPresent();
    switch (Overdue.judge(session, isConnected, hasOther, now)) {
      case WAIT -> {}
      case TELL ->
          session
              .state
              .pod()
              .ifPresent(pod -> {
                LOG.error("{} does not say whether it serves session {}", pod.label(), session);
                var message = "the cache pod does not say whether it serves the volume";
                placement.become(session, new NotServing(pod, Overdue.NO_ANSWER, message));
              });
      case KILL -> {
        if (holder != null) {
          kill(holder, "it stands in the way of session " + session);
        }
      }
    }
  }

  private void kill(ServerProcess process, String why) {
    if (process.kill()) {
      killed++;
      LOG.error("{} is killed: {}", process, why);
    }
  }

  /** Whether nobody has handed it back, and those who are connected will not. With the lock. */
  boolean isClaimOverdue(Session session) {
    return pods.hasAnyOf(session.info().key().ossMountUid())
        && Overdue.isUnclaimedTooLong(session, nanos.getAsLong());
  }

  /** Sessions that the mount table shows are dead when nobody has their descriptors. */
  void judgeUnclaimed() {
    var unclaimed =
        sessions.findAll(session ->
            session.state instanceof Unclaimed
                && pods.hasAnyOf(session.info().key().ossMountUid()));
    if (unclaimed.isEmpty()) {
      return;
    }
    var devices = unclaimed.stream().map(Session::device).collect(Collectors.toSet());
    var held = holders.held(devices, sessions.locked(pods::pids));
    for (var session : unclaimed) {
      if (!held.contains(session.device())) {
        sessions.run(() -> {
          if (session.state instanceof Unclaimed) {
            LOG.warn("session {} is dead: no one has kept its descriptors", session);
            placement.hasNoHolder(session);
          }
        });
      }
    }
  }
}
