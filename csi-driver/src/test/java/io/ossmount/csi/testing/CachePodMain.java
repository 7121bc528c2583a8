package io.ossmount.csi.testing;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Frame;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.server.FuseServer;
import io.ossmount.fuse.server.Session;
import io.ossmount.proto.session.v1.Ended;
import io.ossmount.proto.session.v1.Feature;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.Leaving;
import io.ossmount.proto.session.v1.NotServing;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.Pong;
import io.ossmount.proto.session.v1.Serve;
import io.ossmount.proto.session.v1.Serving;
import io.ossmount.proto.session.v1.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A cache pod without a cache: connects to the plugin's socket, serves each session with {@link
 * AboutFileSystem}, and connects again, handing its descriptors back, when the plugin was
 * restarted.
 *
 * <p>Arguments: the socket, the name of the pod, and how it behaves: {@code serve}, {@code old}
 * (the same, without Ping, and does not say what its sessions are for), {@code partless} (without
 * the directory), {@code refuse} (NotServing) or {@code silent}. Prints a line for each frame that
 * asks for something or tells of what is over.
 */
public final class CachePodMain {
  private static final long RETRY_MILLIS = 50;
  private static final Set<String> SERVING = Set.of("serve", "old", "partless");

  private final Path socket;
  private final String name;
  private final String behaviour;
  private final FuseServer server;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  /** By name of a session: what it is for, as Serve said. */
  private final Map<String, SessionOptions> told = new ConcurrentHashMap<>();

  private volatile @Nullable UnixConnection connected;

  private CachePodMain(Path socket, String name, String behaviour) throws IOException {
    this.socket = socket;
    this.name = name;
    this.behaviour = behaviour;
    server = FuseServer.start(FuseServer.Options.defaults());
  }

  /** Runs until it is killed. */
  public static void main(String[] args) throws Exception {
    var pod = new CachePodMain(Path.of(args[0]), args[1], args[2]);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(pod::leave));
    while (true) {
      try (var connection = UnixConnection.connect(pod.socket)) {
        pod.converse(connection);
      } catch (IOException e) {
        Thread.sleep(RETRY_MILLIS);
      }
    }
  }

  private void converse(UnixConnection connection) throws IOException {
    hello(connection);
    connected = connection;
    for (var next = connection.receive(); next.isPresent(); next = connection.receive()) {
      take(connection, next);
    }
  }

  /** SIGTERM: its sessions go to the next process. */
  private void leave() {
    var connection = connected;
    if (connection == null) {
      return;
    }
    try {
      var leaving = PodFrame.newBuilder().setLeaving(Leaving.getDefaultInstance()).build();
      answer(connection, leaving);
      while (!sessions.isEmpty()) {
        Thread.sleep(RETRY_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      System.out.println("cannot leave: " + e);
    }
  }

  private void release(UnixConnection connection, String name) throws IOException {
    var session = sessions.get(name);
    if (session != null) {
      session.close();
      var ended = Ended.newBuilder().setSession(name).setHandedOver(true);
      answer(connection, PodFrame.newBuilder().setEnded(ended).build());
      sessions.remove(name);
    }
  }

  private void hello(UnixConnection connection) throws IOException {
    var hello = Hello.newBuilder().setPodNamespace("ml").setPodName(name).setPodUid("uid-" + name);
    List<Descriptor> descriptors = new ArrayList<>();
    for (var session : sessions.entrySet()) {
      hello.addSessions(session.getKey());
      descriptors.addAll(session.getValue().duplicates());
      if (!behaviour.equals("old")) {
        hello.addOptions(told.get(session.getKey()));
      }
    }
    if (!behaviour.equals("old")) {
      hello.addFeatures(Feature.ANSWERS_PINGS).addFeatures(Feature.LISTS_BACKING_IDS);
    }
    connection.send(PodFrame.newBuilder().setHello(hello).build().toByteArray(), descriptors);
    descriptors.forEach(Descriptor::close);
    System.out.println("hello with " + sessions.size());
  }

  private void take(UnixConnection connection, Optional<Frame> received) throws IOException {
    var frame = received.orElseThrow();
    var message = PluginFrame.parseFrom(frame.payload());
    if (message.hasPing()) {
      var pong = Pong.newBuilder().setNumber(message.getPing().getNumber());
      answer(connection, PodFrame.newBuilder().setPong(pong).build());
      return;
    }
    if (message.hasLiveSessions()) {
      // It keeps nothing of any.
      return;
    }
    System.out.println(message.getFrameCase());
    message
        .getDeadSessions()
        .getSessionsList()
        .forEach(dead -> System.out.println("dead: " + dead.getReason()));
    if (message.hasServe()) {
      answer(connection, serve(connection, message.getServe(), frame.descriptors()));
    } else if (message.hasRelease()) {
      release(connection, message.getRelease().getSession());
    } else if (message.hasForget()) {
      var session = sessions.remove(message.getForget().getSession());
      if (session != null) {
        session.close();
      }
      var ended = Ended.newBuilder().setSession(message.getForget().getSession());
      answer(connection, PodFrame.newBuilder().setEnded(ended).build());
    }
  }

  private PodFrame serve(UnixConnection connection, Serve serve, List<Descriptor> descriptors)
      throws IOException {
    if (SERVING.contains(behaviour)) {
      var session =
          server.serve(
              serve.getSession(),
              descriptors.get(0),
              descriptors.get(1),
              state ->
                  new AboutFileSystem(serve.getOptions(), state, !behaviour.equals("partless")));
      told.put(serve.getSession(), serve.getOptions());
      sessions.put(serve.getSession(), session);
      var _ =
          session
              .ended()
              .thenAcceptAsync(end -> ended(connection, serve.getSession(), end), platformThread());
      var serving = Serving.newBuilder().setSession(serve.getSession());
      return PodFrame.newBuilder().setServing(serving).build();
    }
    descriptors.forEach(Descriptor::close);
    if (!behaviour.equals("refuse")) {
      return PodFrame.getDefaultInstance();
    }
    var why =
        NotServing.newBuilder()
            .setSession(serve.getSession())
            .setReason("AccessDenied")
            .setMessage("the key may not list the bucket");
    return PodFrame.newBuilder().setNotServing(why).build();
  }

  private static Executor platformThread() {
    return work -> Thread.ofPlatform().start(work);
  }

  /** The kernel has ended it; not the other end, by Forget. */
  private void ended(UnixConnection connection, String name, Session.End end) {
    if (end == Session.End.DISCONNECTED) {
      sessions.remove(name);
      try {
        var ended = Ended.newBuilder().setSession(name);
        answer(connection, PodFrame.newBuilder().setEnded(ended).build());
      } catch (IOException _) {
        System.out.println("no one to tell that " + name + " has ended");
      }
    }
  }

  private static void answer(UnixConnection connection, PodFrame frame) throws IOException {
    if (frame.getFrameCase() != PodFrame.FrameCase.FRAME_NOT_SET) {
      connection.send(frame.toByteArray());
    }
  }
}
