package io.ossmount.bench;

import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The bucket, mounted by this process in the node plugin's place, and served by a cache process as
 * a cache pod has it: the mount outlives that.
 */
final class Pod implements AutoCloseable {
  private static final long CACHE_BYTES = 4L << 30;

  /** What the process answers by itself, such as an open, waits for fewer in a row. */
  private static final int LOOKS = 50;

  private final Path point;
  private final Path control;
  private final Path requests;
  private final Path log;
  private final StandInPlugin plugin;
  private Program program;
  private @Nullable Child server;

  private Pod(Path directory, Program program) throws IOException {
    this.program = program;
    this.point = directory.resolve("mnt");
    this.control = directory.resolve("fusectl");
    this.log = directory.resolve("server.log");
    this.plugin = StandInPlugin.start(directory.resolve("node/plugin.sock"), point);
    int minor = MountTable.read().at(point).orElseThrow().minor();
    this.requests = control.resolve(Integer.toString(minor));
  }

  /**
   * Mounts; nothing is served yet.
   *
   * @param directory where all is that it needs
   * @param command that starts the cache process, up to its arguments
   */
  static Pod mount(Path directory, Bed.Endpoint endpoint, List<String> command)
      throws IOException, InterruptedException {
    Files.createDirectories(directory.resolve("mnt"));
    Files.createDirectories(directory.resolve("node/cache"));
    Path control = Files.createDirectories(directory.resolve("fusectl"));
    Path configuration = Files.createDirectories(directory.resolve("configuration"));
    configure(configuration, endpoint);
    Machine.run("mount", "-t", "fusectl", "none", control.toString());
    Map<String, String> environment =
        Map.of(
            "OSSMOUNT_CONFIGURATION",
            configuration.toString(),
            "OSSMOUNT_NODE_DIRECTORY",
            directory.resolve("node").toString(),
            "OSSMOUNT_CONTROL_PORT",
            "0",
            "OSSMOUNT_HEALTH_PORT",
            "0");
    List<String> words = Child.words(command, "serve");
    return new Pod(directory, new Program(Side.OSSMOUNT, words, environment, Versions.ossmount()));
  }

  Path point() {
    return point;
  }

  /** Runs the process once to make an AOT cache, which it has from then on. */
  void train() throws IOException, InterruptedException {
    Path file = log.resolveSibling("classes.aot");
    Program untrained = program;
    program = untrained.with("-XX:AOTCacheOutput=" + file);
    start();
    awaitServed();
    readOthers();
    FileWork.read(point.resolve(Data.LARGE));
    process().close();
    if (!Files.exists(file)) {
      throw new IOException("the JVM made no AOT cache: " + Files.readString(log));
    }
    program = untrained.with("-XX:AOTCache=" + file);
  }

  /** Fills the cache with what is read warm. */
  void readOthers() throws IOException, InterruptedException {
    FileWork.readAll(point.resolve(Data.OTHER), Data.SMALL_BYTES, 4);
  }

  /** Starts the process, and does not wait for it. */
  void start() throws IOException {
    server = Child.start(program.command(), program.environment(), log);
  }

  void awaitServed() throws IOException, InterruptedException {
    process().await(plugin::isServed);
  }

  /** Waits until a program waits for what the process does not have, and cannot get. */
  void awaitStuck() throws IOException, InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    process().await(() -> looks.updateAndGet(row -> hasRequest() ? row + 1 : 0) == LOOKS);
  }

  private boolean hasRequest() {
    try {
      return !Files.readString(requests.resolve("waiting")).strip().equals("0");
    } catch (IOException gone) {
      return false;
    }
  }

  /** SIGKILL; the mount stays, and who reads from it waits. */
  void kill() throws IOException, InterruptedException {
    process().kill();
  }

  private Child process() throws IOException {
    if (server == null) {
      throw new IOException("no cache process was started");
    }
    return server;
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(requests)) {
      // Who waits in it gets an error: this process could not end before.
      Files.writeString(requests.resolve("abort"), "1");
    }
    plugin.close();
    if (server != null) {
      server.close();
    }
    Machine.unmount(control);
  }

  /** As the operator writes it; the certificate is for an operator who never comes. */
  private static void configure(Path directory, Bed.Endpoint endpoint)
      throws IOException, InterruptedException {
    Path certificate = directory.resolve("tls.crt");
    Machine.run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-subj",
        "/CN=bench",
        "-keyout",
        directory.resolve("tls.key").toString(),
        "-out",
        certificate.toString());
    Files.copy(certificate, directory.resolve("ca.crt"));
    Files.writeString(
        directory.resolve("mount.json"),
        """
        {"namespace": "bench", "name": "bench", "uid": "bench",
         "source": {"bucket": "%s", "endpoint": "%s", "region": "%s", "addressingStyle": "PATH",
           "credentials": {"accessKeyId": "%s", "accessKeySecret": "%s"}},
         "cache": {"sizeBytes": "%d", "keepFreeBytes": "0", "readAheadBytes": "268435456"},
         "timeouts": {"connect": "5s", "operation": "60s"}}
        """
            .formatted(
                endpoint.bucket(),
                endpoint.url(),
                endpoint.region(),
                endpoint.key(),
                endpoint.secret(),
                CACHE_BYTES));
  }
}
