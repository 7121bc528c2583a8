package io.ossmount.csi.node;

import io.ossmount.api.EventReasons;
import io.ossmount.csi.cluster.Events;
import io.ossmount.csi.cluster.NodePods;
import io.ossmount.csi.cluster.PodOfNode;
import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.fdstore.Outage;
import io.ossmount.csi.fdstore.Session;
import io.ossmount.csi.heal.PodUid;
import io.ossmount.csi.volume.VolumeException;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up sessions that nobody serves for too long, so that applications get an error instead of
 * waiting for ever. A thread of its own: it asks the API server, and never while all is well. A
 * time-out below two seconds counts as two.
 */
final class Aborting implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Aborting.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** A server that is started again at once is no reason to ask the API server anything. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** Once: a call that the kernel does not answer keeps a thread. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final FdStore store;
  private final SessionMounts sessions;
  private final Mounter mounter;
  private final RecoveryTimeouts timeouts;
  private final NodePods pods;
  private final Events events;
  private final Thread thread;

  /**
   * Given up, and the kernel has not been told yet: since when, as {@link System#nanoTime}. Of the
   * thread alone.
   */
  private final Map<Session, Long> unfinished = new HashMap<>();

  Aborting(
      FdStore store,
      SessionMounts sessions,
      Mounter mounter,
      RecoveryTimeouts timeouts,
      NodePods pods,
      Events events) {
    this.store = store;
    this.sessions = sessions;
    this.mounter = mounter;
    this.timeouts = timeouts;
    this.pods = pods;
    this.events = events;
    thread = Thread.ofPlatform().daemon().name("aborts").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        attempt(this::round);
        attempt(this::tryUnfinished);
      }
    } catch (InterruptedException _) {
      LOG.debug("no session is given up any more");
    }
  }

  /** What is done once in a while. */
  private interface Duty {
    void run() throws InterruptedException;
  }

  private static void attempt(Duty duty) throws InterruptedException {
    try {
      duty.run();
    } catch (RuntimeException | Error e) {
      // Such as no memory for a thread: that passes.
      LOG.error("sessions without a server are not looked at", e);
    }
  }

  private void round() throws InterruptedException {
    var outages =
        store.outages().stream().filter(out -> out.waited().compareTo(SHORT) >= 0).toList();
    timeouts.beginRound(
        outages.stream().map(out -> out.session().info().ossMount()).collect(Collectors.toSet()));
    if (outages.isEmpty()) {
      return;
    }
    var mounts = mounter.mounts();
    for (var outage : outages) {
      try {
        look(outage, mounts);
      } catch (VolumeException e) {
        LOG.warn("session {}: {}", outage.session(), e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("session {}", outage.session(), e);
      }
    }
  }

  private void look(Outage outage, MountTable mounts) throws InterruptedException {
    var session = outage.session();
    var timeout = timeouts.of(session.info().ossMount());
    var users = users(session, mounts);
    var known =
        outage.waited().compareTo(AbortRule.LEAST) < 0
            ? Optional.<Map<String, PodOfNode>>empty()
            : podsOfNode();
    var ending = known.map(Aborting::ending);
    switch (AbortRule.judge(outage.waited(), timeout, users, ending)) {
      case WAIT -> {}
      case TIMED_OUT ->
          abort(
              session,
              users,
              "no cache pod served OssMount %s on this node within spec.recovery.timeout, so that"
                      .formatted(session.info().ossMount())
                  + " those who waited for its files got an error; the volume is made anew when a"
                  + " cache pod is there");
      case UNWANTED ->
          abort(
              session,
              users,
              "no cache pod serves OssMount %s on this node, and all pods that use the volume are to"
                      .formatted(session.info().ossMount())
                  + " end: it waits no longer");
    }
  }

  /** UIDs of the pods that the mount table shows the session in. */
  private Set<String> users(Session session, MountTable mounts) {
    return SessionMounts.binds(mounts, session.info().name(), session.device()).stream()
        .map(MountEntry::target)
        .map(PodUid::ofTarget)
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  private Optional<Map<String, PodOfNode>> podsOfNode() {
    try {
      return Optional.of(pods.byUid());
    } catch (Unavailable e) {
      LOG.debug("who uses sessions is not known: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Set<String> ending(Map<String, PodOfNode> pods) {
    return pods.values().stream()
        .filter(PodOfNode::terminating)
        .map(PodOfNode::uid)
        .collect(Collectors.toSet());
  }

  private void abort(Session session, Set<String> users, String why) throws InterruptedException {
    if (!store.abort(session)) {
      return;
    }
    LOG.error("session {} is aborted: {}", session, why);
    try {
      finish(session);
    } finally {
      tell(session, users, why);
    }
  }

  /** Those who wait get an error; tried again when that fails. */
  private void finish(Session session) throws InterruptedException {
    try {
      if (sessions.isMounted(session)) {
        mounter.abort(sessions.directory(session));
      }
      sessions.noteAborted(session);
    } catch (RuntimeException | Error e) {
      LOG.warn("session {} is not aborted: {}", session, e.toString());
      unfinished.putIfAbsent(session, System.nanoTime());
    }
  }

  private void tryUnfinished() throws InterruptedException {
    for (var waiting : List.copyOf(unfinished.entrySet())) {
      if (System.nanoTime() - waiting.getValue() >= AGAIN.toNanos()) {
        finish(waiting.getKey());
        unfinished.remove(waiting.getKey());
      }
    }
  }

  private void tell(Session session, Set<String> users, String why) {
    podsOfNode()
        .ifPresent(known ->
            known.values().stream()
                .filter(pod -> users.contains(pod.uid()))
                .forEach(
                    pod -> events.warn(Events.Subject.of(pod), EventReasons.VOLUME_ABORTED, why)));
    timeouts
        .ossMount(session.info().ossMount())
        .ifPresent(
            ossMount -> events.warn(Events.Subject.of(ossMount), EventReasons.VOLUME_ABORTED, why));
  }
}
