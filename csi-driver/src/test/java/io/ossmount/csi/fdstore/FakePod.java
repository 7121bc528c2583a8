package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.proto.session.v1.PluginFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** A cache pod without a process: records what it is sent and answers as it is told. */
public final class FakePod implements PodLink {
  private final FdStore store;
  private final String ossMountUid;
  private final int pid;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private volatile BiConsumer<FakePod, PluginFrame> answer = (_, _) -> {};

  /** A pod that is not connected yet. */
  public FakePod(FdStore store, String ossMountUid, int pid) {
    this.store = store;
    this.ossMountUid = ossMountUid;
    this.pid = pid;
  }

  /** Serves everything it is asked for, in other threads. */
  public FakePod thatServes(Executor threads) {
    answer =
        (pod, frame) ->
            threads.execute(() -> {
              if (frame.hasServe()) {
                store.serving(pod, frame.getServe().getSession());
              } else {
                store.ended(pod, frame.getForget().getSession());
              }
            });
    return this;
  }

  /** Says Hello, without sessions. */
  public void connect() {
    store.connected(this, Map.of());
  }

  /** Says Hello with sessions that it has been serving. */
  void connect(Map<String, Descriptors> held) {
    store.connected(this, held);
  }

  /** Its connection ends; the process stays. */
  void disconnect() {
    store.disconnected(this);
  }

  /** Its process ends, and with it the connection. */
  public void die() {
    store.disconnected(this);
    end.complete(null);
  }

  /** Its process ends, some time after its connection did. */
  void processEnds() {
    end.complete(null);
  }

  /** The frames that came, such as "serve s-1". */
  List<String> received() {
    return new ArrayList<>(received);
  }

  @Override
  public String ossMountUid() {
    return ossMountUid;
  }

  @Override
  public String label() {
    return "ml/pod-" + pid;
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public CompletableFuture<?> processEnd() {
    return end;
  }

  @Override
  public void send(PluginFrame frame, List<Descriptor> descriptors) {
    received.add(
        frame.hasServe()
            ? "serve " + frame.getServe().getSession()
            : "forget " + frame.getForget().getSession());
    answer.accept(this, frame);
  }

  @Override
  public void close() {}
}
