package io.ossmount.csi.fdstore;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Frame;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.BackingAnswer;
import io.ossmount.proto.session.v1.CloseBacking;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.OpenBacking;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.PodFrame;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
  private final BackingOpener backing;

  private PodConnection(
      OssMountDirectory mount, UnixConnection connection, FdStore store, String label)
      throws IOException {
    this.ossMountUid = mount.ossMountUid();
    this.connection = connection;
    this.store = store;
    this.label = label;
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

  /** Converses until the connection ends. On a platform thread of its own. */
  static void converse(OssMountDirectory mount, UnixConnection connection, FdStore store) {
    try (connection) {
      var first = connection.receive();
      if (first.isEmpty()) {
        return;
      }
      try (var frame = first.get()) {
        var hello = hello(frame);
        var pod =
            new PodConnection(mount, connection, store, label(hello, connection.peer().pid()));
        pod.serve(hello, frame.descriptors());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("a connection for OssMount {} ends: {}", mount.ossMountUid(), e.toString());
    }
  }

  private static String label(Hello hello, int pid) {
    return hello.getPodName().isEmpty()
        ? "of process " + pid
        : shorten(hello.getPodNamespace()) + "/" + shorten(hello.getPodName());
  }

  private static Hello hello(Frame frame) throws InvalidProtocolBufferException {
    var message = PodFrame.parseFrom(frame.payload());
    if (!message.hasHello()) {
      throw new IllegalArgumentException("the first frame is no Hello");
    }
    var hello = message.getHello();
    if (frame.descriptors().size() != 2 * hello.getSessionsCount()) {
      throw new IllegalArgumentException(
          "%d descriptors for %d sessions"
              .formatted(frame.descriptors().size(), hello.getSessionsCount()));
    }
    return hello;
  }

  private void serve(Hello hello, List<Descriptor> descriptors) {
    store.connected(this, held(hello, descriptors));
    try {
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

  /** The frame closes its own descriptors; those that are kept are duplicates. */
  private static Map<String, Descriptors> held(Hello hello, List<Descriptor> received) {
    var held = new LinkedHashMap<String, Descriptors>();
    try {
      for (int i = 0; i < hello.getSessionsCount(); i++) {
        var kept =
            new Descriptors(received.get(2 * i).duplicate(), received.get(2 * i + 1).duplicate());
        var twice = held.put(hello.getSessions(i), kept);
        if (twice != null) {
          twice.close();
        }
      }
      return held;
    } catch (IOException e) {
      held.values().forEach(Descriptors::close);
      throw new IllegalStateException("cannot keep the descriptors", e);
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
      case ENDED -> store.ended(this, frame.getEnded().getSession());
      case OPEN_BACKING -> openBacking(frame.getOpenBacking(), descriptors);
      case CLOSE_BACKING -> closeBacking(frame.getCloseBacking());
      case HELLO -> throw new IllegalArgumentException("a second Hello");
      // From a newer pod; what it means cannot matter to this plugin.
      case FRAME_NOT_SET -> LOG.debug("cache pod {} sent a frame of an unknown kind", label);
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
  public int pid() {
    return connection.peer().pid();
  }

  @Override
  public CompletableFuture<?> processEnd() {
    var pid = pid();
    if (pid <= 0 || pid == ProcessHandle.current().pid()) {
      return CompletableFuture.completedFuture(null);
    }
    return ProcessHandle.of(pid)
        .<CompletableFuture<?>>map(ProcessHandle::onExit)
        .orElse(CompletableFuture.completedFuture(null));
  }

  @Override
  public void send(PluginFrame frame, List<Descriptor> descriptors) {
    try {
      sender.execute(() -> sendNow(frame, descriptors));
    } catch (RejectedExecutionException e) {
      // The queue is full, or the connection is ending: its reader finds out and tells the store.
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
