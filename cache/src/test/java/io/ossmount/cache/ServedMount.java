package io.ossmount.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.control.Certificates;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.proto.session.v1.PodFrame.FrameCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A mount that a process of its own serves, as in a cache pod, which can be killed or asked to end;
 * the next one then goes on with the session. The next one is started before, and waits: a process
 * that is forked closes this one's files, and that takes a server.
 */
final class ServedMount implements AutoCloseable {
  private static final String SESSION = "s-1";

  private final Path directory;
  private final Path target;
  private final EmulatedOss oss;
  private final FakePlugin plugin;
  private Process server;

  /** Everything is below {@code directory}. */
  ServedMount(Path directory) throws Exception {
    this.directory = directory;
    this.target = Files.createDirectories(directory.resolve("target"));
    this.oss = new EmulatedOss(Files.createDirectories(directory.resolve("objects")));
    Files.createDirectories(directory.resolve("node"));
    this.plugin = new FakePlugin(directory.resolve("node/plugin.sock"));
    Path secret = Files.createDirectories(directory.resolve("secret"));
    new Certificates("authority").write(secret, "cache-pod");
    Files.writeString(secret.resolve("mount.json"), configuration());
    this.server = start();
    plugin.next(FrameCase.HELLO);
    plugin.serve(SESSION, target, "");
    plugin.next(FrameCase.SERVING);
  }

  Path target() {
    return target;
  }

  EmulatedOss oss() {
    return oss;
  }

  /** Starts a process that serves when the one before is gone. */
  Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            CacheMain.class.getName(),
            "serve",
            "--configuration=" + directory.resolve("secret"),
            "--node-directory=" + directory.resolve("node"),
            "--control-port=0",
            "--health-port=0")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private Path log() {
    return directory.resolve("server.log");
  }

  /** What the servers have said. */
  String said() throws IOException {
    return Files.readString(log());
  }

  /** SIGKILL; the next process goes on. */
  void replaceKilled() throws Exception {
    Process next = start();
    kill();
    handOver(next);
  }

  /** SIGKILL, and no other process yet. */
  void kill() throws InterruptedException {
    server.destroyForcibly();
    assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  /** SIGTERM; the plugin lets the session go, and the next process goes on. */
  void replaceEnded() throws Exception {
    Process next = start();
    server.destroy();
    plugin.next(FrameCase.LEAVING);
    plugin.release(SESSION);
    plugin.next(FrameCase.ENDED);
    assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
    handOver(next);
  }

  /** The session goes to this process. */
  void handOver(Process next) throws Exception {
    server = next;
    plugin.next(FrameCase.HELLO);
    plugin.serveAgain(SESSION, "");
    plugin.next(FrameCase.SERVING);
  }

  private String configuration() {
    return """
    {"namespace": "ns", "name": "m", "uid": "u", "cache": {"sizeBytes": "200000000"},
     "metadataCache": {"attributeTimeout": "60s", "listTimeout": "60s", "negativeTimeout": "5s"},
     "timeouts": {"connect": "2s", "operation": "30s"},
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
  public void close() throws Exception {
    FuseMount.abort(target);
    kill();
    plugin.close();
    oss.close();
  }
}
