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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
  private final CompletableFuture<String> served = new CompletableFuture<>();

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

  /** Waits until the session is served. */
  void awaitServed() throws IOException, InterruptedException {
    try {
      served.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the cache process does not serve", e);
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

  private void run() {
    try (var connection = listener.accept()) {
      connection.send(serve().toByteArray(), List.of(device, memory));
      var frame = connection.receive();
      while (frame.isPresent()) {
        try (var received = frame.get()) {
          answer(connection, PodFrame.parseFrom(received.payload()));
        }
        frame = connection.receive();
      }
      served.completeExceptionally(new IOException("it went away"));
    } catch (IOException e) {
      served.completeExceptionally(e);
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
      case SERVING -> served.complete(SESSION);
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
