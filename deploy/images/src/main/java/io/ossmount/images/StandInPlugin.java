package io.ossmount.images;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.kernel.UnixListener;
import io.ossmount.proto.session.v1.BackingAnswer;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.Serve;
import io.ossmount.proto.session.v1.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * As much of the node plugin as a cache process needs to serve one session. Needs root and {@code
 * /dev/fuse}.
 */
final class StandInPlugin implements AutoCloseable {
  private static final String SESSION = "stand-in";
  private static final int PATIENCE_SECONDS = 60;

  private final Path target;
  private final UnixListener listener;
  private final Descriptor device;
  private final Descriptor memory;
  private final Semaphore served = new Semaphore(0);

  private StandInPlugin(Path target, UnixListener listener, Descriptor device, Descriptor memory) {
    this.target = target;
    this.listener = listener;
    this.device = device;
    this.memory = memory;
  }

  /**
   * Mounts at {@code target} and waits at {@code socket} for who serves it.
   *
   * @throws IOException this process may not mount
   */
  static StandInPlugin start(Path socket, Path target) throws IOException {
    var device = FuseMount.mount(target, FuseMount.Options.of(SESSION));
    var listener = UnixListener.bind(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    var plugin = new StandInPlugin(target, listener, device, SessionMemory.create());
    Thread.ofPlatform().daemon().name("stand-in-plugin").start(plugin::run);
    return plugin;
  }

  /** Waits until the session is served: by a process, or after that by the next one. */
  void awaitServed() throws IOException, InterruptedException {
    if (!served.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the cache process does not serve");
    }
  }

  /** Idempotent. */
  @Override
  public void close() throws IOException {
    listener.close();
    FuseMount.detach(target);
    device.close();
    memory.close();
  }

  /** One process after the other; each gets the session. */
  private void run() {
    try {
      while (true) {
        converse(listener.accept());
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void converse(UnixConnection with) {
    try (with) {
      with.send(serve().toByteArray(), List.of(device, memory));
      var frame = with.receive();
      while (frame.isPresent()) {
        try (var received = frame.get()) {
          answer(with, PodFrame.parseFrom(received.payload()));
        }
        frame = with.receive();
      }
    } catch (IOException e) {
      System.out.println("the cache process went away: " + e);
    }
  }

  private static PluginFrame serve() {
    return PluginFrame.newBuilder()
        .setServe(
            Serve.newBuilder()
                .setSession(SESSION)
                .setOptions(SessionOptions.newBuilder().setVolume(SESSION)))
        .build();
  }

  private void answer(UnixConnection connection, PodFrame frame) throws IOException {
    switch (frame.getFrameCase()) {
      case SERVING -> served.release();
      case OPEN_BACKING -> {
        var refused =
            BackingAnswer.newBuilder()
                .setRequest(frame.getOpenBacking().getRequest())
                .setRefusal("only a stand-in");
        connection.send(PluginFrame.newBuilder().setBackingAnswer(refused).build().toByteArray());
      }
      default -> {
        // Of no use here.
      }
    }
  }
}
