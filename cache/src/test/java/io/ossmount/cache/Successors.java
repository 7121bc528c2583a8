package io.ossmount.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.control.Certificates;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.proto.session.v1.PodFrame.FrameCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One session after another's process: each is killed with SIGKILL before the next one is given it.
 */
final class Successors implements AutoCloseable {
  private final EmulatedOss oss;
  private final Path data;
  private final Path secret;
  private final Path node;
  private final Path target;
  private final FakePlugin plugin;
  private Process server;

  /** Starts the first one, which mounts below {@code directory}. */
  Successors(EmulatedOss oss, Path directory) throws Exception {
    this.oss = oss;
    data = directory;
    secret = Files.createDirectory(directory.resolve("secret"));
    node = Files.createDirectory(directory.resolve("node"));
    target = Files.createDirectory(directory.resolve("target"));
    plugin = new FakePlugin(node.resolve("plugin.sock"));
    new Certificates("authority").write(secret, "cache-pod");
    Files.writeString(secret.resolve("mount.json"), configuration());
    server = start();
    try {
      plugin.next(FrameCase.HELLO);
      plugin.serve("s-1", target, "");
      plugin.next(FrameCase.SERVING);
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  /** Where it is mounted. */
  Path target() {
    return target;
  }

  /**
   * Kills the last one when it has nothing to do.
   *
   * @return open handles that it has written down for one that would come
   */
  int openHandlesAtLast() throws Exception {
    // What was closed before is read before this.
    try (Stream<Path> list = Files.list(target)) {
      assertThat(list).isNotEmpty();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> plugin.openHandles("s-1") == 0);
    kill();
    return plugin.openHandles("s-1");
  }

  /**
   * The next one waits until the first one is gone. It is started before: a process that is forked
   * closes this one's files, and that may take a server.
   */
  void replace() throws Exception {
    Process next = start();
    kill();
    server = next;
    plugin.next(FrameCase.HELLO);
    plugin.serveAgain("s-1", "");
    plugin.next(FrameCase.SERVING);
  }

  private void kill() {
    server.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            "env",
            "OSSMOUNT_CONFIGURATION=" + secret,
            "OSSMOUNT_NODE_DIRECTORY=" + node,
            "OSSMOUNT_CONTROL_PORT=0",
            "OSSMOUNT_HEALTH_PORT=0",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            CacheMain.class.getName(),
            "serve")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("server.log").toFile()))
        .start();
  }

  /** Nothing that is not there is remembered, so that OSS is asked for it each time. */
  private String configuration() {
    return """
    {"namespace": "ns", "name": "m", "uid": "u", "cache": {"sizeBytes": "100000000"},
     "metadataCache": {"attributeTimeout": "60s", "listTimeout": "60s", "negativeTimeout": "0s"},
     "timeouts": {"connect": "2s", "operation": "60s"},
     "source": {"bucket": "%s", "endpoint": "%s", "region": "%s", "addressingStyle": "PATH",
       "credentials": {"accessKeyId": "%s", "accessKeySecret": "%s"}}}
    """
        .formatted(
            EmulatedOss.BUCKET,
            oss.emulator().endpoint(),
            EmulatedOss.REGION,
            EmulatedOss.CREDENTIALS.accessKeyId(),
            EmulatedOss.CREDENTIALS.accessKeySecret());
  }

  @Override
  public void close() throws IOException {
    FuseMount.abort(target);
    kill();
    plugin.close();
  }
}
