package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.AskThreads;
import io.ossmount.proto.session.v1.BackingAnswer;
import io.ossmount.proto.session.v1.CloseBacking;
import io.ossmount.proto.session.v1.Ended;
import io.ossmount.proto.session.v1.Feature;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.OpenBacking;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.PodFrame;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cache pod's end of the socket: its frames become calls of the {@link FdStore}. What comes
 * from the pod is not trusted; a frame that makes no sense ends the connection.
 */
final class PodConnection implements PodLink {
  private static final Logger LOG = LoggerFactory.getLogger(PodConnection.class);

  /** More than a node has sessions; a pod that reads nothing loses its connection earlier. */
  private static final int MOST_QUEUED_FRAMES = 4_096;

  private static final int MOST_TEXT = 1_000;
  private static final int IDLE_SECONDS = 10;

  private final String ossMountUid;
  private final UnixConnection connection;
  private final FdStore store;
  private final ThreadPoolExecutor sender;
  private final String label;
  private final ServerProcess process;
  private final boolean answersPings;
  private final boolean hearsWelcome;
  private final BackingOpener backing;
  private final ThreadQuestions questions;
  private final Liveness liveness = new Liveness(System.nanoTime());
  private final AtomicLong pings = new AtomicLong();

  private PodConnection(
      OssMountDirectory mount,
      UnixConnection connection,
      FdStore store,
      ServerProcess process,
      Hello hello)
      throws IOException {
    this.ossMountUid = mount.ossMountUid();
    this.connection = connection;
    this.store = store;
    this.process = process;
    this.label = label(hello, process.pid());
    this.answersPings = hello.getFeaturesList().contains(Feature.ANSWERS_PINGS);
    this.hearsWelcome = hello.getFeaturesList().contains(Feature.HEARS_WELCOME);
    this.questions = new ThreadQuestions(store, this);
    this.backing = new BackingOpener(store, this, mount.path(), connection.peer().uid());
    sender =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_QUEUED_FRAMES),
            Thread.ofPlatform().daemon().name("to " + label).factory());
    sender.allowCoreThreadTimeOut(true);
  }

  /**
   * Converses until the connection ends. On a platform thread of its own.
   *
   * @param process at the other end
   * @param onHello runs when the pod has said who it is
   */
  static void converse(
      OssMountDirectory mount,
      UnixConnection connection,
      FdStore store,
      ServerProcess process,
      Runnable onHello) {
    try (connection) {
      var introduction = Introduction.receive(connection);
      if (introduction.isPresent()) {
        onHello.run();
        begin(mount, connection, store, process, introduction.get())
            .serve(introduction.get().held());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("a connection for OssMount {} ends: {}", mount.ossMountUid(), e.toString());
    }
  }

  private static PodConnection begin(
      OssMountDirectory mount,
      UnixConnection connection,
      FdStore store,
      ServerProcess process,
      Introduction introduction)
      throws IOException {
    try {
      return new PodConnection(mount, connection, store, process, introduction.hello());
    } catch (IOException | RuntimeException e) {
      introduction.close();
      throw e;
    }
  }

  private static String label(Hello hello, int pid) {
    return hello.getPodName().isEmpty()
        ? "of process " + pid
        : shorten(hello.getPodNamespace()) + "/" + shorten(hello.getPodName());
  }

  private void serve(Map<String, Held> held) {
    if (hearsWelcome) {
      send(Frames.welcome(), List.of());
    }
    try {
      store.connected(this, held);
      var next = connection.receive();
      while (next.isPresent()) {
        try (var frame = next.get()) {
          take(PodFrame.parseFrom(frame.payload()), frame.descriptors());
        }
        next = connection.receive();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the connection of cache pod {} ends: {}", label, e.toString());
    } finally {
      connection.close();
      sender.shutdownNow();
      store.disconnected(this);
    }
  }

  private void take(PodFrame frame, List<Descriptor> descriptors) {
    switch (frame.getFrameCase()) {
      case SERVING -> store.serving(this, frame.getServing().getSession());
      case NOT_SERVING -> {
        var why = frame.getNotServing();
        store.notServing(
            this, why.getSession(), shorten(why.getReason()), shorten(why.getMessage()));
      }
      case ENDED -> ended(frame.getEnded());
      case OPEN_BACKING -> openBacking(frame.getOpenBacking(), descriptors);
      case CLOSE_BACKING -> closeBacking(frame.getCloseBacking());
      case ASK_THREADS -> answer(frame.getAskThreads());
      case PONG -> liveness.heard(System.nanoTime());
      case LEAVING -> store.leaving(this);
      case HELLO, HANDED_BACK ->
          throw new IllegalArgumentException("an introduction amid the conversation");
      // From a newer pod; what it means cannot matter to this plugin.
      case FRAME_NOT_SET -> LOG.debug("cache pod {} sent a frame of an unknown kind", label);
    }
  }

  private void ended(Ended ended) {
    if (ended.getHandedOver()) {
      store.handedOver(this, ended.getSession());
    } else {
      store.ended(this, ended.getSession());
    }
  }

  private void openBacking(OpenBacking wanted, List<Descriptor> descriptors) {
    var answer = BackingAnswer.newBuilder().setRequest(wanted.getRequest());
    try {
      if (descriptors.size() != 1) {
        throw new IOException(descriptors.size() + " descriptors for one backing file");
      }
      answer.setId(backing.open(wanted.getSession(), descriptors.getFirst()));
    } catch (IOException e) {
      LOG.warn("cache pod {} gets no backing file: {}", label, e.toString());
      answer.setRefusal(shorten(String.valueOf(e.getMessage())));
    }
    send(PluginFrame.newBuilder().setBackingAnswer(answer).build(), List.of());
  }

  private void closeBacking(CloseBacking id) {
    try {
      backing.close(id.getSession(), id.getId());
    } catch (IOException e) {
      LOG.debug("backing id {} of {} is not closed: {}", id.getId(), id.getSession(), e.toString());
    }
  }

  private void answer(AskThreads asked) {
    boolean allLiveApart = questions.allLiveApart(asked);
    send(Frames.threads(asked.getRequest(), allLiveApart), List.of());
  }

  private static String shorten(String text) {
    return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
  }

  @Override
  public String ossMountUid() {
    return ossMountUid;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public ServerProcess process() {
    return process;
  }

  @Override
  public boolean answersPings() {
    return answersPings;
  }

  @Override
  public boolean isWell(long now) {
    if (!answersPings) {
      return true;
    }
    return switch (liveness.look(now)) {
      case WAIT -> true;
      case ASK -> {
        send(Frames.ping(pings.incrementAndGet()), List.of());
        yield true;
      }
      case HANGS -> false;
    };
  }

  @Override
  public void send(PluginFrame frame, List<Descriptor> descriptors) {
    try {
      sender.execute(() -> sendNow(frame, descriptors));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // The queue is full, there is no memory for a thread, or the connection is ending: its reader
      // finds out and tells the store.
      connection.close();
    }
  }

  @Override
  public void close() {
    connection.close();
  }

  private void sendNow(PluginFrame frame, List<Descriptor> descriptors) {
    try {
      connection.send(frame.toByteArray(), descriptors);
    } catch (ClosedChannelException e) {
      LOG.debug("a frame to cache pod {} is dropped: its session or connection is over", label);
    } catch (IOException e) {
      LOG.warn("cannot send to cache pod {}: {}", label, e.toString());
      connection.close();
    }
  }
}
