package io.ossmount.fuse.testing;

import io.ossmount.fuse.kernel.Frame;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.server.FuseServer;
import io.ossmount.fuse.server.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process that serves one {@link SteadyFileSystem}, as a cache pod does: it is given the two
 * descriptors of the session on a unix socket, says {@code serving}, {@code holding} for each
 * request that it does not answer, and {@code ended}.
 */
public final class ServerProcess {
  private ServerProcess() {}

  /** Starts it; the arguments are the path of the socket and INIT flags that are not wanted. */
  public static void main(String[] arguments) throws Exception {
    FuseServer.Options usual = FuseServer.Options.defaults();
    var options =
        new FuseServer.Options(usual.readers(), usual.answerBytes(), Long.parseLong(arguments[1]));
    try (UnixConnection plugin = UnixConnection.connect(Path.of(arguments[0]));
        FuseServer server = FuseServer.start(options)) {
      Frame frame = plugin.receive().orElseThrow();
      Session session =
          server.serve(
              "test",
              frame.descriptors().get(0),
              frame.descriptors().get(1),
              state -> new SteadyFileSystem(state, () -> sendFromElsewhere(plugin, "holding")));
      send(plugin, "serving " + session.epoch());
      session.ended().join();
      send(plugin, "ended");
    }
  }

  /** A work that waits is on a virtual thread, which may not send. */
  private static void sendFromElsewhere(UnixConnection plugin, String text) {
    Thread.ofPlatform().daemon().start(() -> send(plugin, text));
  }

  private static void send(UnixConnection plugin, String text) {
    try {
      plugin.send(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
