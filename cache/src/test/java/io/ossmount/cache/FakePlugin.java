package io.ossmount.cache;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.ossmount.fuse.SessionRecords.Kind;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.Frame;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.SeenTask;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.kernel.UnixListener;
import io.ossmount.fuse.protocol.Capabilities;
import io.ossmount.proto.session.v1.AskThreads;
import io.ossmount.proto.session.v1.BackingAnswer;
import io.ossmount.proto.session.v1.DeadSession;
import io.ossmount.proto.session.v1.DeadSessions;
import io.ossmount.proto.session.v1.Feature;
import io.ossmount.proto.session.v1.Forget;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.LiveSessions;
import io.ossmount.proto.session.v1.OpenBacking;
import io.ossmount.proto.session.v1.Ping;
import io.ossmount.proto.session.v1.PluginFeature;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.PodFrame.FrameCase;
import io.ossmount.proto.session.v1.Release;
import io.ossmount.proto.session.v1.Serve;
import io.ossmount.proto.session.v1.SessionOptions;
import io.ossmount.proto.session.v1.ThreadsAnswer;
import io.ossmount.proto.session.v1.Welcome;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The plugin's end of the conversation: mounts, hands over, and notes what the pod says. */
final class FakePlugin implements AutoCloseable {
  private static final int MORE_THAN_A_SOCKET_HOLDS = 1_000;

  private final UnixListener listener;
  private final BlockingQueue<PodFrame> frames = new LinkedBlockingQueue<>();
  private final Map<String, Descriptor> devices = new ConcurrentHashMap<>();
  private final Map<String, Descriptor> memories = new ConcurrentHashMap<>();
  private volatile Backing backing = Backing.OPENED;
  private volatile @Nullable UnixConnection connection;
  private volatile int descriptorsOfHello;
  private volatile boolean tellsProcessesApart;
  private volatile boolean hangsAfterPong;

  FakePlugin(Path socket) throws IOException {
    listener = UnixListener.bind(socket, PosixFilePermissions.fromString("rw-------"));
    Thread.ofPlatform().daemon().name("fake-plugin").start(this::run);
  }

  /** Mounts at {@code target} and hands the session over. */
  void serve(String session, Path target, String directory) throws IOException {
    serve(session, target, options(directory));
  }

  /** The same, for what {@code options} say. */
  void serve(String session, Path target, SessionOptions options) throws IOException {
    Descriptor device = FuseMount.mount(target, FuseMount.Options.of("test"));
    devices.put(session, device);
    memories.put(session, SessionMemory.create());
    serveAgain(session, options);
  }

  /** Hands a session over that another process has served. */
  void serveAgain(String session, String directory) throws IOException {
    serveAgain(session, options(directory));
  }

  private static SessionOptions options(String directory) {
    return SessionOptions.newBuilder().setDirectory(directory).setVolume("v").build();
  }

  private void serveAgain(String session, SessionOptions options) throws IOException {
    PluginFrame frame =
        PluginFrame.newBuilder()
            .setServe(Serve.newBuilder().setSession(session).setOptions(options))
            .build();
    connected()
        .send(
            frame.toByteArray(),
            List.of(
                Objects.requireNonNull(devices.get(session)),
                Objects.requireNonNull(memories.get(session))));
  }

  /**
   * Open handles that a session's server has written down for the next one. It is dead, or has
   * nothing else to do.
   */
  int openHandles(String session) throws IOException {
    Descriptor memfd = Objects.requireNonNull(memories.get(session)).duplicate();
    try (SessionMemory memory = SessionMemory.map(memfd)) {
      AtomicInteger count = new AtomicInteger();
      memory.records().forEach((key, _, _) -> count.addAndGet(key.kind() == Kind.HANDLE ? 1 : 0));
      return count.get();
    }
  }

  /** Whether the kernel of a session can send again what it waits for, as far as servers know. */
  boolean resends(String session) throws IOException {
    Descriptor memfd = Objects.requireNonNull(memories.get(session)).duplicate();
    try (SessionMemory memory = SessionMemory.map(memfd)) {
      return Capabilities.of(memory.negotiated().orElseThrow()).resends();
    }
  }

  /** Lets a session go, which the pod said that it leaves. */
  void release(String session) throws IOException {
    send(PluginFrame.newBuilder().setRelease(Release.newBuilder().setSession(session)));
  }

  /** Asks whether the pod is well. */
  void ping(long number) throws IOException {
    send(PluginFrame.newBuilder().setPing(Ping.newBuilder().setNumber(number)));
  }

  /** Says which sessions are over and still mounted. */
  void tellOfTheDead(DeadSession... sessions) throws IOException {
    send(
        PluginFrame.newBuilder()
            .setDeadSessions(DeadSessions.newBuilder().addAllSessions(List.of(sessions))));
  }

  /** Says which sessions are served or may come. */
  void tellOfTheLiving(String... sessions) throws IOException {
    send(
        PluginFrame.newBuilder()
            .setLiveSessions(LiveSessions.newBuilder().addAllSessions(List.of(sessions))));
  }

  /** Says something that pods of this release know nothing of. */
  void saySomethingNew() throws IOException {
    send(PluginFrame.newBuilder().setUnknownFields(somethingNew()));
  }

  /** What no message of this release has. */
  static UnknownFieldSet somethingNew() {
    UnknownFieldSet.Field field =
        UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.EMPTY).build();
    return UnknownFieldSet.newBuilder().addField(1000, field).build();
  }

  private void send(PluginFrame.Builder frame) throws IOException {
    connected().send(frame.build().toByteArray());
  }

  void forget(String session) throws IOException {
    connected()
        .send(
            PluginFrame.newBuilder()
                .setForget(Forget.newBuilder().setSession(session))
                .build()
                .toByteArray());
    Objects.requireNonNull(devices.remove(session)).close();
    Objects.requireNonNull(memories.remove(session)).close();
  }

  /** Is one that says that it tells processes apart, and does: from the next Hello on. */
  void tellsProcessesApart() {
    tellsProcessesApart = true;
  }

  private void answer(AskThreads asked) throws IOException {
    boolean allLiveApart =
        SeenTask.allLiveApartFrom(
            asked.getCloser(),
            asked.getAuthorsList().stream()
                .map(author -> new SeenTask(author.getThread(), author.getTick()))
                .toList());
    send(
        PluginFrame.newBuilder()
            .setThreadsAnswer(
                ThreadsAnswer.newBuilder()
                    .setRequest(asked.getRequest())
                    .setAllLiveApart(allLiveApart)));
  }

  private void welcome(Hello hello) throws IOException {
    if (tellsProcessesApart && hello.getFeaturesList().contains(Feature.HEARS_WELCOME)) {
      send(
          PluginFrame.newBuilder()
              .setWelcome(Welcome.newBuilder().addFeatures(PluginFeature.ANSWERS_ASK_THREADS)));
    }
  }

  /** What is done with files that are to be named to the kernel. */
  enum Backing {
    OPENED,
    REFUSED,
    LEFT_TO_THE_TEST
  }

  /** Does this with files from now on. */
  void backing(Backing changed) {
    backing = changed;
  }

  /** Says that the kernel knows a file by this id. */
  void answerBacking(OpenBacking asked, int id) throws IOException {
    send(BackingAnswer.newBuilder().setRequest(asked.getRequest()).setId(id));
  }

  /** Says that a file is not named to the kernel. */
  void refuseBacking(OpenBacking asked) throws IOException {
    send(BackingAnswer.newBuilder().setRequest(asked.getRequest()).setRefusal("no"));
  }

  private void send(BackingAnswer.Builder answer) throws IOException {
    connected().send(PluginFrame.newBuilder().setBackingAnswer(answer).build().toByteArray());
  }

  /** Reads up to the answer to the next ping, and nothing after it; takes another connection. */
  void hangAfterPong() {
    hangsAfterPong = true;
  }

  /** Has the pod say more than a socket holds. */
  void makeTalk() throws IOException {
    Forget nothing = Forget.newBuilder().setSession("not-there").build();
    for (int i = 0; i < MORE_THAN_A_SOCKET_HOLDS; i++) {
      send(PluginFrame.newBuilder().setForget(nothing));
    }
  }

  /** As if it was restarted. */
  void disconnect() {
    connected().close();
  }

  int descriptorsOfHello() {
    return descriptorsOfHello;
  }

  /** The next frame of this kind; those of other kinds before it are passed over. */
  PodFrame next(FrameCase kind) throws InterruptedException {
    return next(kind, "");
  }

  /** Whether a frame of this kind has come, and nobody has taken it. */
  boolean hasHeard(FrameCase kind) {
    return frames.stream().anyMatch(frame -> frame.getFrameCase() == kind);
  }

  /** The next frame, of whatever kind. */
  PodFrame nextOfAny() throws InterruptedException {
    PodFrame frame = frames.poll(90, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("no frame");
    }
    return frame;
  }

  /** The next NotServing with this reason. */
  PodFrame next(FrameCase kind, String reason) throws InterruptedException {
    while (true) {
      PodFrame frame = frames.poll(90, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no " + kind + " " + reason);
      }
      if (frame.getFrameCase() == kind
          && (reason.isEmpty() || frame.getNotServing().getReason().equals(reason))) {
        return frame;
      }
    }
  }

  @Override
  public void close() {
    listener.close();
    UnixConnection open = connection;
    if (open != null) {
      open.close();
    }
    devices.values().forEach(Descriptor::close);
    memories.values().forEach(Descriptor::close);
  }

  private UnixConnection connected() {
    UnixConnection open = connection;
    if (open == null) {
      throw new IllegalStateException("no pod is connected");
    }
    return open;
  }

  private void run() {
    try {
      while (true) {
        UnixConnection accepted = listener.accept();
        UnixConnection before = connection;
        if (before != null) {
          before.close();
        }
        connection = accepted;
        hangsAfterPong = false;
        readToTheEnd(accepted);
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void readToTheEnd(UnixConnection from) {
    try {
      read(from);
    } catch (IOException e) {
      // Its process was killed in the middle, or it was closed here: others may come.
    }
  }

  private void answer(OpenBacking asked, Descriptor file) throws IOException {
    switch (backing) {
      case OPENED -> {
        Descriptor device = Objects.requireNonNull(devices.get(asked.getSession()));
        answerBacking(asked, FuseDevice.openBacking(device, file));
      }
      case REFUSED -> refuseBacking(asked);
      case LEFT_TO_THE_TEST -> {}
    }
  }

  private void read(UnixConnection from) throws IOException {
    Optional<Frame> frame = from.receive();
    while (frame.isPresent()) {
      boolean last;
      try (Frame received = frame.get()) {
        PodFrame message = PodFrame.parseFrom(received.payload());
        if (message.hasHello()) {
          descriptorsOfHello = received.descriptors().size();
          welcome(message.getHello());
        }
        if (message.hasOpenBacking()) {
          answer(message.getOpenBacking(), received.descriptors().getFirst());
        }
        if (message.hasAskThreads()) {
          answer(message.getAskThreads());
        }
        last = hangsAfterPong && message.hasPong();
        frames.add(message);
      }
      frame = last ? Optional.empty() : from.receive();
    }
  }
}
