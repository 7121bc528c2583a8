package io.ossmount.cache.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ossmount.cache.control.DeadSessionsReport;
import io.ossmount.cache.control.StoreMonitor;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Frame;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.server.FuseServer;
import io.ossmount.proto.session.v1.Feature;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.LiveSessions;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.Serve;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks with the node plugin, see {@code session/v1/session.proto}: says who it is and which
 * sessions it has, takes sessions and gives them back. When the connection ends, it connects again
 * after 25 ms to 2 s, and hands the descriptors of its sessions back; what is mounted is served
 * meanwhile.
 */
public final class SessionClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SessionClient.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Path socket;
  private final PodName pod;
  private final PluginLink plugin = new PluginLink();
  private final PluginSender sender = new PluginSender();
  private final PluginBacking backing = new PluginBacking(plugin, sender);
  private final PluginProcesses processes = new PluginProcesses(plugin, sender);
  private final PodSessions sessions;
  private final DeadSessionList dead = new DeadSessionList();
  private final Thread thread;
  private final PingAnswers pings;
  private volatile boolean leaving;
  private volatile boolean closed;
  private volatile @Nullable UnixConnection connection;

  /** Who this process is. */
  public record PodName(String namespace, String name, String uid) {}

  /** Makes one; nothing happens before {@link #start}. */
  public SessionClient(
      Path socket,
      PodName pod,
      FuseServer server,
      SessionFactory factory,
      StoreMonitor monitor,
      SessionsToCome toCome) {
    this.socket = socket;
    this.pod = pod;
    this.sessions = new PodSessions(server, factory, monitor, plugin, backing, processes, toCome);
    this.pings = new PingAnswers(server::isReading, plugin::pong);
    this.thread = Thread.ofPlatform().name("plugin").daemon().unstarted(this::run);
  }

  /** Begins to connect. */
  public void start() {
    thread.start();
  }

  /** Whether the plugin can hear us. */
  public boolean isConnected() {
    return plugin.isConnected();
  }

  /** What is served, or waits to be. */
  public PodSessions sessions() {
    return sessions;
  }

  /** The node's sessions of this mount that are over and still mounted, as the plugin says. */
  public DeadSessionsReport deadSessions() {
    return dead.report();
  }

  /**
   * This process is going to end: waits until the plugin has released all sessions and none of them
   * is read any more, at most so long; then nothing is read in any case.
   */
  public void leave(Duration patience) throws InterruptedException {
    leaving = true;
    plugin.leaving();
    sessions.awaitStopped(patience);
  }

  /** What was written is put away: the next process may have the sessions. */
  public void handOver() {
    sessions.handOver();
  }

  /** Ends the conversation and gives up all sessions; the plugin keeps them for the next server. */
  @Override
  public void close() {
    closed = true;
    UnixConnection now = connection;
    if (now != null) {
      now.close();
    }
    thread.interrupt();
    pings.close();
    sessions.close();
    sender.close();
    disconnected();
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      try (UnixConnection connected = UnixConnection.connect(socket)) {
        connection = connected;
        converse(connected);
        pause = FIRST_PAUSE;
      } catch (IOException | RuntimeException e) {
        log.debug("no conversation with the node plugin: {}", e.toString());
      } finally {
        plugin.disconnected();
        disconnected();
      }
      pause = waitAfter(pause);
    }
  }

  private void disconnected() {
    backing.disconnected();
    processes.disconnected();
  }

  private void converse(UnixConnection with) throws IOException {
    hello(with);
    dead.connected();
    sessions.living(Optional.empty());
    plugin.connected(with);
    log.info("connected to the node plugin");
    backing.connected();
    if (leaving) {
      plugin.leaving();
    }
    sessions.reportAll();
    Optional<Frame> frame = with.receive();
    while (frame.isPresent()) {
      take(frame.get());
      frame = with.receive();
    }
    log.warn("the node plugin has closed the connection");
  }

  private void hello(UnixConnection with) throws IOException {
    Hello.Builder hello =
        Hello.newBuilder()
            .setPodNamespace(pod.namespace())
            .setPodName(pod.name())
            .setPodUid(pod.uid())
            .addFeatures(Feature.ANSWERS_PINGS)
            .addFeatures(Feature.LISTS_BACKING_IDS)
            .addFeatures(Feature.HEARS_WELCOME);
    try (Greeting greeting = new Greeting(hello)) {
      for (PodSession session : sessions.all()) {
        List<Descriptor> held = session.duplicates();
        List<Integer> ids = List.copyOf(backing.open(session.name()));
        if (!held.isEmpty() && !greeting.add(session.name(), session.told(), ids, held)) {
          log.error("session {} cannot be handed back: there are too many", session.name());
        }
      }
      greeting.send(with);
    }
  }

  /** A frame that makes no sense is passed over: a newer plugin may have said it. */
  private void take(Frame frame) throws InvalidProtocolBufferException {
    boolean isTaken = false;
    try {
      PluginFrame message = PluginFrame.parseFrom(frame.payload());
      switch (message.getFrameCase()) {
        case SERVE -> isTaken = serve(message.getServe(), frame.descriptors());
        case FORGET -> sessions.forget(message.getForget().getSession());
        case RELEASE -> sessions.release(message.getRelease().getSession());
        case PING -> pings.asked(message.getPing().getNumber());
        case BACKING_ANSWER -> backing.answered(message.getBackingAnswer());
        case DEAD_SESSIONS -> dead.told(message.getDeadSessions());
        case LIVE_SESSIONS -> sessions.living(names(message.getLiveSessions()));
        case WELCOME -> processes.welcomed(message.getWelcome());
        case THREADS_ANSWER -> processes.answered(message.getThreadsAnswer());
        case FRAME_NOT_SET -> log.warn("the node plugin sent a frame of an unknown kind");
      }
    } finally {
      if (!isTaken) {
        frame.close();
      }
    }
  }

  private static Optional<Set<String>> names(LiveSessions said) {
    return said.getUnknown() ? Optional.empty() : Optional.of(Set.copyOf(said.getSessionsList()));
  }

  private boolean serve(Serve serve, List<Descriptor> descriptors) {
    if (descriptors.size() != 2) {
      log.error("session {} came with {} descriptors", serve.getSession(), descriptors.size());
      return false;
    }
    sessions.give(serve.getSession(), serve.getOptions(), descriptors, serve.getBackingIdsList());
    return true;
  }

  private static Duration waitAfter(Duration pause) {
    try {
      Thread.sleep(
          Duration.ofNanos(
              ThreadLocalRandom.current().nextLong(pause.toNanos() / 2, pause.toNanos())));
    } catch (InterruptedException e) {
      // Asked to end: the caller looks.
    }
    Duration next = pause.multipliedBy(2);
    return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
  }
}
