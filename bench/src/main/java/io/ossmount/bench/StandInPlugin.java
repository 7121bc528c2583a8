package io.ossmount.bench;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.kernel.UnixListener;
import io.ossmount.proto.session.v1.BackingAnswer;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.Release;
import io.ossmount.proto.session.v1.Serve;
import io.ossmount.proto.session.v1.SessionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * As much of the node plugin as one mount needs to outlive the processes that serve it, one after
 * the other: keeps its descriptors and hands them to who comes. Opens nothing in passthrough.
 */
final class StandInPlugin implements AutoCloseable {
  private static final String SESSION = "bench";

  private final Path target;
  private final UnixListener listener;
  private final Descriptor device;
  private final Descriptor memory;
  private volatile boolean isServed;

  private StandInPlugin(Path target, UnixListener listener, Descriptor device, Descriptor memory) {
    this.target = target;
    this.listener = listener;
    this.device = device;
    this.memory = memory;
  }

  /** Mounts at {@code target} and waits at {@code socket} for who serves it. */
  static StandInPlugin start(Path socket, Path target) throws IOException {
    Descriptor device = FuseMount.mount(target, FuseMount.Options.of(SESSION));
    UnixListener listener = UnixListener.bind(socket, PosixFilePermissions.fromString("rw-------"));
    StandInPlugin plugin = new StandInPlugin(target, listener, device, SessionMemory.create());
    Thread.ofPlatform().daemon().name("stand-in-plugin").start(plugin::run);
    return plugin;
  }

  boolean isServed() {
    return isServed;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    FuseMount.detach(target);
    device.close();
    memory.close();
  }

  private void run() {
    try {
      while (true) {
        converse(listener.accept());
      }
    } catch (IOException closed) {
      // There is nobody to hand it to any more.
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
    } catch (IOException killed) {
      // The next one connects anew.
    }
    isServed = false;
  }

  private static PluginFrame serve() {
    SessionOptions.Builder options = SessionOptions.newBuilder().setVolume(SESSION);
    return PluginFrame.newBuilder()
        .setServe(Serve.newBuilder().setSession(SESSION).setOptions(options))
        .build();
  }

  private void answer(UnixConnection connection, PodFrame frame) throws IOException {
    PluginFrame.Builder answer = PluginFrame.newBuilder();
    switch (frame.getFrameCase()) {
      case SERVING -> {
        isServed = true;
        return;
      }
      case LEAVING -> answer.setRelease(Release.newBuilder().setSession(SESSION));
      case OPEN_BACKING ->
          answer.setBackingAnswer(
              BackingAnswer.newBuilder()
                  .setRequest(frame.getOpenBacking().getRequest())
                  .setRefusal("only a stand-in"));
      default -> {
        return;
      }
    }
    connection.send(answer.build().toByteArray());
  }
}
