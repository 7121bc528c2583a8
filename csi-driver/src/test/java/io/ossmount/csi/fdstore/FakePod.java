package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.proto.session.v1.DeadSessions;
import io.ossmount.proto.session.v1.LiveSessions;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.Serve;
import io.ossmount.proto.session.v1.SessionOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** A cache pod without a process: records what it is sent and answers as it is told. */
public final class FakePod implements PodLink {
  private final FdStore store;
  private final String ossMountUid;
  private final FakeProcess process;
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<PluginFrame> frames = new CopyOnWriteArrayList<>();
  private volatile BiConsumer<FakePod, PluginFrame> answer = (_, _) -> {};
  private volatile boolean answersPings;
  private volatile boolean well = true;

  /** A pod that is not connected yet, with a process of its own. */
  public FakePod(FdStore store, String ossMountUid, int pid) {
    this(store, ossMountUid, new FakeProcess(pid));
  }

  private FakePod(FdStore store, String ossMountUid, FakeProcess process) {
    this.store = store;
    this.ossMountUid = ossMountUid;
    this.process = process;
  }

  /** Another connection of the same process. */
  FakePod again() {
    return to(store);
  }

  /** The same to another plugin. */
  FakePod to(FdStore other) {
    var again = new FakePod(other, ossMountUid, process);
    again.answersPings = answersPings;
    return again;
  }

  /** One that counts as hung when it is silent. */
  FakePod thatAnswersPings() {
    answersPings = true;
    return this;
  }

  /** It does not answer any more. */
  void hang() {
    well = false;
  }

  /** Serves everything it is asked for, in other threads. */
  public FakePod thatServes(Executor threads) {
    answer =
        (pod, frame) ->
            threads.execute(() -> {
              if (frame.hasServe()) {
                store.serving(pod, frame.getServe().getSession());
              } else if (frame.hasForget()) {
                store.ended(pod, frame.getForget().getSession());
              }
            });
    return this;
  }

  /** It does this with each frame that it is sent about who serves what. */
  FakePod that(BiConsumer<FakePod, PluginFrame> does) {
    answer = does;
    return this;
  }

  /** The store looks after everyone, as it does every second. */
  public static void tick(FdStore store) {
    store.tick();
  }

  /** Says Hello, without sessions. */
  public void connect() {
    store.connected(this, Map.of());
  }

  /** Says Hello with sessions that it has been serving. */
  void connect(Map<String, Descriptors> held) {
    var handed = new LinkedHashMap<String, Held>();
    held.forEach(
        (name, kept) -> handed.put(name, new Held(kept, Optional.empty(), Optional.empty())));
    store.connected(this, handed);
  }

  /** Says Hello with one session and the backing ids that it knows. */
  void connect(String session, Descriptors held, List<Integer> ids) {
    store.connected(this, Map.of(session, new Held(held, Optional.of(ids), Optional.empty())));
  }

  /** Says Hello with one session, and what it was told that it is for. */
  public void connect(String session, Descriptors held, SessionOptions told) {
    store.connected(this, Map.of(session, new Held(held, Optional.empty(), Optional.of(told))));
  }

  /** Its connection ends; the process stays. */
  void disconnect() {
    store.disconnected(this);
  }

  /** Its process ends, and with it the connection. */
  public void die() {
    store.disconnected(this);
    process.die();
  }

  /** Its process ends, some time after its connection did. */
  void processEnds() {
    process.die();
  }

  /** The frames that came about who serves what, such as "serve s-1". */
  public List<String> received() {
    return new ArrayList<>(received);
  }

  @Override
  public String ossMountUid() {
    return ossMountUid;
  }

  @Override
  public String label() {
    return "ml/pod-" + process.pid();
  }

  @Override
  public FakeProcess process() {
    return process;
  }

  @Override
  public boolean answersPings() {
    return answersPings;
  }

  @Override
  public boolean isWell(long now) {
    return well;
  }

  /** The lists of dead sessions that came. */
  List<DeadSessions> dead() {
    return frames.stream()
        .filter(PluginFrame::hasDeadSessions)
        .map(PluginFrame::getDeadSessions)
        .toList();
  }

  /** The lists of sessions that are served or may come that came. */
  List<LiveSessions> live() {
    return frames.stream()
        .filter(PluginFrame::hasLiveSessions)
        .map(PluginFrame::getLiveSessions)
        .toList();
  }

  /** The backing ids that came with the last Serve. */
  List<Integer> backingIds() {
    return lastServe().getBackingIdsList();
  }

  /** The last Serve. */
  public Serve lastServe() {
    return frames.stream()
        .filter(PluginFrame::hasServe)
        .reduce((_, last) -> last)
        .orElseThrow()
        .getServe();
  }

  @Override
  public void send(PluginFrame frame, List<Descriptor> descriptors) {
    frames.add(frame);
    if (frame.hasDeadSessions() || frame.hasLiveSessions()) {
      return;
    }
    received.add(
        switch (frame.getFrameCase()) {
          case SERVE -> "serve " + frame.getServe().getSession();
          case FORGET -> "forget " + frame.getForget().getSession();
          case RELEASE -> "release " + frame.getRelease().getSession();
          default -> frame.getFrameCase().toString();
        });
    answer.accept(this, frame);
  }

  @Override
  public void close() {}
}
