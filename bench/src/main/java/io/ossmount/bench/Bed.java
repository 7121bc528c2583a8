package io.ossmount.bench;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import io.ossmount.bench.Result.Missing;
import io.ossmount.cache.CacheMain;
import io.ossmount.emulator.EmulatorMain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is measured: an emulator whose bucket has what a directory of the local disk has, mounts of
 * that bucket, and an SDK client; each server in a process of its own.
 */
final class Bed implements AutoCloseable {
  /** What the cache pod's image tells its JVM besides; the heap is that of the usual 1 GiB. */
  private static final String[] OPTIONS_OF_THE_IMAGE = {
    "-Xms16m",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    "-XX:TrimNativeHeapInterval=10000",
    "-XX:+UnlockDiagnosticVMOptions",
    "-XX:ArchiveRelocationMode=0",
    "-XX:Tier4InvocationThreshold=50000",
    "-XX:Tier4MinInvocationThreshold=20000",
    "-XX:Tier4CompileThreshold=150000",
    "-XX:Tier4BackEdgeThreshold=400000",
    "-XX:+UnlockExperimentalVMOptions",
    "-XX:+AOTCompileEagerly",
    "-Djdk.nio.maxCachedBufferSize=131072",
    "-Djdk.virtualThreadScheduler.parallelism=8"
  };

  private static final String BUCKET = "bench";
  private static final String KEY = "bench";
  private static final String SECRET = "bench-secret";
  private static final String REGION = "cn-emulator";
  private static final int TIMEOUT_MILLIS = 20_000;

  /** For the emulator to take in all files. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path local;
  private final Endpoint endpoint;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Map<Side, Mount> mounts = new EnumMap<>(Side.class);
  private final Map<Side, Program> programs = new EnumMap<>(Side.class);
  private final Map<Side, Missing> missing = new EnumMap<>(Side.class);
  private final Map<String, Mount> others = new HashMap<>();
  private final Path work;
  private final Mounts wanted;
  private final OSS oss;
  private @Nullable Child emulator;
  private @Nullable Pod pod;

  /**
   * Where the bucket is and who may use it.
   *
   * @param url of the service
   */
  record Endpoint(String url, String bucket, String region, String key, String secret) {}

  /**
   * What is mounted.
   *
   * @param ossmount words that start the cache process; empty: from this process's class path
   * @param peers that are wanted
   * @param rclone its program
   */
  record Mounts(List<String> ossmount, Set<Side> peers, Path rclone) {
    Mounts {
      ossmount = List.copyOf(ossmount);
      peers = Set.copyOf(peers);
    }
  }

  private Bed(Path work, Path local, Endpoint endpoint, Mounts wanted) {
    this.work = work;
    this.wanted = wanted;
    this.local = local;
    this.endpoint = endpoint;
    this.oss = client(endpoint);
    parts.push(oss::shutdown);
  }

  /**
   * Starts everything.
   *
   * @param work directory on the disk that is measured
   * @param local directory below it with the files that become objects
   */
  static Bed start(Path work, Path local, Mounts wanted) throws IOException, InterruptedException {
    int port = freePort();
    Bed bed =
        new Bed(
            work,
            local,
            new Endpoint("http://127.0.0.1:" + port, BUCKET, REGION, KEY, SECRET),
            wanted);
    try {
      bed.emulator(work, port);
      bed.mount(bed.ossmount(), work);
      bed.peer(Side.S3FS, wanted, work);
      bed.peer(Side.RCLONE, wanted, work);
    } catch (IOException | InterruptedException | RuntimeException failure) {
      bed.close();
      throw failure;
    }
    return bed;
  }

  Path local() {
    return local;
  }

  OSS oss() {
    return oss;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  SdkWork sdk() {
    return new SdkWork(oss, BUCKET);
  }

  /** Another mount by OssMount with these options, which begins when it is asked for first. */
  Mount another(String name, List<String> options) throws IOException, InterruptedException {
    Mount there = others.get(name);
    if (there != null) {
      return there;
    }
    Mount.Place place = Mount.Place.below(work, name);
    Mount plain = mounts.get(Side.OSSMOUNT);
    if (plain == null) {
      throw new IOException("OssMount is not mounted");
    }
    Mount made = plain.elsewhere(place, options);
    parts.push(made);
    made.start();
    others.put(name, made);
    return made;
  }

  /** A mount that outlives its cache process; begins when it is asked for first. */
  Pod pod() throws IOException, InterruptedException {
    if (pod == null) {
      Pod made = Pod.mount(work.resolve("pod"), endpoint, cacheProcess());
      parts.push(made);
      if (wanted.ossmount().isEmpty()) {
        made.train();
      }
      made.start();
      made.awaitServed();
      made.readOthers();
      pod = made;
    }
    return pod;
  }

  /** What answers for the bucket. */
  Child emulator() throws IOException {
    if (emulator == null) {
      throw new IOException("the emulator is not running");
    }
    return emulator;
  }

  /** OssMount's and those of the peers that could be had. */
  Collection<Mount> mounts() {
    return mounts.values();
  }

  /** Peers that could not be had, and why. */
  Map<Side, Missing> missing() {
    return missing;
  }

  /** Those that are mounted. */
  Collection<Program> programs() {
    return programs.values();
  }

  /** Ends all, the last one first. */
  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception failure) {
        System.out.println("at the end: " + failure);
      }
    }
  }

  private void emulator(Path work, int port) throws IOException, InterruptedException {
    Child started =
        Child.start(
            Child.words(
                Child.java(EmulatorMain.class),
                "--directory=" + Files.createDirectories(work.resolve("emulator")),
                "--listen=127.0.0.1",
                "--port=" + port,
                "--seed=" + BUCKET + "=" + local,
                "--access-key=" + KEY + ":" + SECRET),
            Map.of(),
            work.resolve("emulator.log"));
    parts.push(started);
    emulator = started;
    started.await(() -> saysReady(work.resolve("emulator.log")), PATIENCE);
  }

  private Program ossmount() throws IOException, InterruptedException {
    Mount.Place place = Mount.Place.below(work, Side.OSSMOUNT);
    Program program = ossmount(place);
    return wanted.ossmount().isEmpty()
        ? Training.of(program, place, work.resolve("classes.aot"))
        : program;
  }

  /** What starts it, up to its arguments. */
  private List<String> cacheProcess() {
    return wanted.ossmount().isEmpty()
        ? Child.java(CacheMain.class, OPTIONS_OF_THE_IMAGE)
        : wanted.ossmount();
  }

  private Program ossmount(Mount.Place place) {
    return new Program(
        Side.OSSMOUNT,
        Child.words(
            cacheProcess(),
            "mount",
            BUCKET,
            place.point().toString(),
            "--endpoint=" + endpoint.url(),
            "--region=" + REGION,
            "--path-style",
            "--cache-dir=" + place.cache()),
        Map.of("OSS_ACCESS_KEY_ID", KEY, "OSS_ACCESS_KEY_SECRET", SECRET),
        Versions.ossmount());
  }

  private void peer(Side side, Mounts wanted, Path work) throws IOException, InterruptedException {
    if (!wanted.peers().contains(side)) {
      missing.put(side, new Missing("left out"));
      return;
    }
    Mount.Place place = Mount.Place.below(work, side);
    Optional<Program> program =
        side == Side.S3FS
            ? Peers.s3fs(endpoint, place, work)
            : Peers.rclone(wanted.rclone(), endpoint, place);
    if (program.isEmpty()) {
      missing.put(side, new Missing("not installed"));
      return;
    }
    try {
      mount(program.get(), work);
    } catch (IOException failure) {
      System.out.println(side.title() + " did not start: " + failure.getMessage());
      missing.put(side, new Missing("did not start"));
    }
  }

  private void mount(Program program, Path work) throws IOException, InterruptedException {
    Mount mount = new Mount(program, Mount.Place.below(work, program.side()));
    parts.push(mount);
    mount.start();
    mounts.put(program.side(), mount);
    programs.put(program.side(), program);
  }

  private static boolean saysReady(Path log) {
    try {
      return Files.readString(log).contains(" is ready ");
    } catch (IOException notYet) {
      return false;
    }
  }

  private static OSS client(Endpoint endpoint) {
    ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
    configuration.setSignatureVersion(SignVersion.V4);
    configuration.setSLDEnabled(true);
    configuration.setConnectionTimeout(TIMEOUT_MILLIS);
    configuration.setSocketTimeout(TIMEOUT_MILLIS);
    configuration.setConnectionRequestTimeout(TIMEOUT_MILLIS);
    // As the cache does it: the SDK's own check costs a third of its throughput.
    configuration.setCrcCheckEnabled(false);
    return OSSClientBuilder.create()
        .endpoint(endpoint.url())
        .region(endpoint.region())
        .credentialsProvider(new DefaultCredentialProvider(endpoint.key(), endpoint.secret()))
        .clientConfiguration(configuration)
        .build();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
