package io.ossmount.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.control.Certificates;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.proto.session.v1.PodFrame.FrameCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A mount that a process of its own serves, as in a cache pod, which can be killed or asked to end;
 * the next one then goes on with the session. A shell starts them: this process would close its
 * files in the process that it forks, which uploads what it has written.
 */
final class ServedMount {
  private static final String SESSION = "s-1";

  private final Path directory;
  private final String nested;
  private final Path target;
  private final EmulatedOss oss;
  private final FakePlugin plugin;
  private final Process shell;
  private final String writeMode;
  private final String operationTimeout;
  private final long masked;
  private String server;

  /** Everything is below {@code directory}. */
  ServedMount(Path directory) throws Exception {
    this(directory, 0);
  }

  /**
   * The same on an older kernel.
   *
   * @param masked INIT flags that it does not have
   */
  ServedMount(Path directory, long masked) throws Exception {
    this(directory, "", "THROUGH", "30s", masked);
  }

  /**
   * The same in write mode Async. While OSS is away, who changes a file that is being uploaded
   * waits for the operation time-out.
   */
  static ServedMount async(Path directory) throws Exception {
    return new ServedMount(directory, "", "ASYNC", "15s", 0);
  }

  /**
   * The same with a nested mount.
   *
   * @param nested path of a directory {@code nested} of the bucket
   */
  static ServedMount withNested(Path directory, String nested) throws Exception {
    return new ServedMount(directory, nested, "THROUGH", "30s", 0);
  }

  private ServedMount(
      Path directory, String nested, String writeMode, String operationTimeout, long masked)
      throws Exception {
    this.directory = directory;
    this.nested = nested;
    this.target = Files.createDirectories(directory.resolve("target"));
    this.oss = new EmulatedOss(Files.createDirectories(directory.resolve("objects")));
    Files.createDirectories(cacheOf(directory));
    this.plugin = new FakePlugin(directory.resolve("node/plugin.sock"));
    Path secret = Files.createDirectories(directory.resolve("secret"));
    new Certificates("authority").write(secret, "cache-pod");
    this.writeMode = writeMode;
    this.operationTimeout = operationTimeout;
    this.masked = masked;
    Files.writeString(secret.resolve("mount.json"), configuration(""));
    this.shell = new ProcessBuilder("sh").redirectError(ProcessBuilder.Redirect.DISCARD).start();
    this.server = start();
    try {
      plugin.next(FrameCase.HELLO);
      plugin.serve(SESSION, target, "");
      plugin.next(FrameCase.SERVING);
    } catch (Exception | AssertionError e) {
      end();
      throw e;
    }
  }

  Path target() {
    return target;
  }

  EmulatedOss oss() {
    return oss;
  }

  /** Starts a process that serves when the one before is gone. */
  String start() throws IOException {
    List<String> command =
        List.of(
            "OSSMOUNT_CONFIGURATION=" + directory.resolve("secret"),
            "OSSMOUNT_NODE_DIRECTORY=" + directory.resolve("node"),
            "OSSMOUNT_CONTROL_PORT=0",
            "OSSMOUNT_HEALTH_PORT=0",
            KernelFlags.unwanted(masked),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            CacheMain.class.getName(),
            "serve");
    return ask(String.join(" ", command) + " >>" + log() + " 2>&1 & echo $!");
  }

  private String ask(String command) throws IOException {
    shell.outputWriter().write(command + "\n");
    shell.outputWriter().flush();
    return shell.inputReader().readLine();
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
    String next = start();
    kill();
    handOver(next);
  }

  /** SIGKILL; the next process has the directory, and no session comes to it: after a reboot. */
  void replaceKilledWithoutSession() throws Exception {
    String next = start();
    kill();
    server = next;
    plugin.next(FrameCase.HELLO);
  }

  /** The plugin says which sessions may come to the process that has the directory. */
  void tellOfTheLiving(String... sessions) throws IOException {
    plugin.tellOfTheLiving(sessions);
  }

  /** Another session, which the process that has the directory is the first to serve. */
  void serveAnother(Path at) throws Exception {
    plugin.serve("s-2", at, "");
    plugin.next(FrameCase.SERVING);
  }

  /** The session comes at last. */
  void handOver() throws Exception {
    try {
      plugin.serveAgain(SESSION, "");
      plugin.next(FrameCase.SERVING);
    } catch (Exception | AssertionError e) {
      // Who closes a file of it would wait for ever.
      FuseMount.abort(target);
      throw e;
    }
  }

  /** SIGKILL, and no other process yet. */
  void kill() throws IOException {
    assertThat(ask("kill -9 %1$s; wait %1$s; echo gone".formatted(server))).isEqualTo("gone");
  }

  /** SIGTERM; the plugin lets the session go, and the next process goes on. */
  void replaceEnded() throws Exception {
    String next = start();
    assertThat(ask("kill %s; echo told".formatted(server))).isEqualTo("told");
    try {
      plugin.next(FrameCase.LEAVING);
      plugin.release(SESSION);
      plugin.next(FrameCase.ENDED);
    } catch (Exception | AssertionError e) {
      FuseMount.abort(target);
      throw e;
    }
    assertThat(ask("wait %s; echo gone".formatted(server))).isEqualTo("gone");
    handOver(next);
  }

  /** The session goes to this process. */
  void handOver(String next) throws Exception {
    server = next;
    try {
      plugin.next(FrameCase.HELLO);
    } catch (Exception | AssertionError e) {
      FuseMount.abort(target);
      throw e;
    }
    handOver();
  }

  /** Asks for a reset of the cache with this value. */
  void askReset(String value) throws IOException {
    Path secret = directory.resolve("secret");
    Path next = Files.writeString(secret.resolve("next"), configuration(value));
    Files.move(next, secret.resolve("mount.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether the cache was reset with this value. */
  boolean isReset(String value) throws IOException {
    Path file = cacheOf(directory).resolve("reset");
    return Files.exists(file) && Files.readAllLines(file).contains("value=" + value);
  }

  /** Where a mount below {@code directory} has its cache. */
  static Path cacheOf(Path directory) {
    return directory.resolve("node/cache");
  }

  private String configuration(String reset) {
    String mounts =
        nested.isEmpty()
            ? ""
            : "{\"path\": \"%s\", \"source\": %s}".formatted(nested, source("nested"));
    return """
    {"namespace": "ns", "name": "m", "uid": "u", "cache": {"sizeBytes": "200000000"},
     "metadataCache": {"attributeTimeout": "60s", "listTimeout": "60s", "negativeTimeout": "5s"},
     "timeouts": {"connect": "2s", "operation": "%s"}, "reset": "%s",
     "write": {"mode": "WRITE_MODE_%s"},
     "source": %s, "mounts": [%s]}
    """
        .formatted(operationTimeout, reset, writeMode, source(""), mounts);
  }

  private String source(String of) {
    return """
    {"bucket": "%s", "directory": "%s", "endpoint": "%s", "region": "%s", "addressingStyle": "PATH",
       "credentials": {"accessKeyId": "%s", "accessKeySecret": "%s"}}
    """
        .formatted(
            EmulatedOss.BUCKET,
            of,
            oss.emulator().endpoint(),
            EmulatedOss.REGION,
            EmulatedOss.CREDENTIALS.accessKeyId(),
            EmulatedOss.CREDENTIALS.accessKeySecret());
  }

  /** Ends all of it. */
  void end() throws Exception {
    FuseMount.abort(target);
    kill();
    shell.destroyForcibly();
    plugin.close();
    oss.close();
  }
}
