package io.ossmount.bench;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import io.ossmount.cache.CacheMain;
import io.ossmount.emulator.EmulatorMain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is measured: an emulator, a mount of its bucket, a directory of the local disk that also
 * holds the cache, and an SDK client, each server in a process of its own.
 */
final class Bed implements AutoCloseable {
  static final String BUCKET = "bench";

  private static final String KEY = "bench";
  private static final String SECRET = "bench-secret";
  private static final String REGION = "cn-emulator";
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Path work;
  private final Child emulator;
  private final String endpoint;
  private final OSS oss;
  private Child mount;

  private Bed(Path work, Child emulator, String endpoint, OSS oss, Child mount) {
    this.work = work;
    this.emulator = emulator;
    this.endpoint = endpoint;
    this.oss = oss;
    this.mount = mount;
  }

  /** Starts everything below {@code work}, an empty directory on the disk that is measured. */
  static Bed start(Path work) throws IOException, InterruptedException {
    for (String part : new String[] {"emulator", "cache", "mnt", "local"}) {
      Files.createDirectories(work.resolve(part));
    }
    int port = freePort();
    Child emulator =
        Child.start(
            EmulatorMain.class,
            Map.of(),
            work.resolve("emulator.log"),
            "--directory=" + work.resolve("emulator"),
            "--listen=127.0.0.1",
            "--port=" + port,
            "--bucket=" + BUCKET,
            "--access-key=" + KEY + ":" + SECRET);
    String endpoint = "http://127.0.0.1:" + port;
    OSS oss = client(endpoint);
    emulator.await(() -> answers(oss));
    return new Bed(work, emulator, endpoint, oss, mount(work, endpoint));
  }

  Path mounted() {
    return work.resolve("mnt");
  }

  Path local() {
    return work.resolve("local");
  }

  OSS oss() {
    return oss;
  }

  SdkWork sdk() {
    return new SdkWork(oss, BUCKET);
  }

  /**
   * Ends the mount, empties its cache and mounts again: the next read is cold. The new process has
   * read other files by then, as one that has been running for a while.
   */
  double coldMount() throws IOException, InterruptedException {
    mount.close();
    deleteTree(work.resolve("cache"));
    Files.createDirectories(work.resolve("cache"));
    mount = mount(work, endpoint);
    FileWork.readAll(mounted().resolve(Data.OTHER), Data.SMALL_BYTES, 4);
    Machine.dropCaches();
    return 0;
  }

  @Override
  public void close() {
    mount.close();
    oss.shutdown();
    emulator.close();
  }

  static void deleteTree(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Child mount(Path work, String endpoint) throws IOException, InterruptedException {
    Path point = work.resolve("mnt");
    Child mount =
        Child.start(
            CacheMain.class,
            Map.of("OSS_ACCESS_KEY_ID", KEY, "OSS_ACCESS_KEY_SECRET", SECRET),
            work.resolve("mount.log"),
            "mount",
            BUCKET,
            point.toString(),
            "--endpoint=" + endpoint,
            "--region=" + REGION,
            "--path-style",
            "--cache-dir=" + work.resolve("cache"));
    mount.await(() -> isMounted(point));
    return mount;
  }

  private static boolean isMounted(Path point) {
    try {
      return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + point + " ");
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static boolean answers(OSS oss) {
    try {
      return oss.doesBucketExist(BUCKET);
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  private static OSS client(String endpoint) {
    ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
    configuration.setSignatureVersion(SignVersion.V4);
    configuration.setSLDEnabled(true);
    configuration.setConnectionTimeout(TIMEOUT_MILLIS);
    configuration.setSocketTimeout(TIMEOUT_MILLIS);
    configuration.setConnectionRequestTimeout(TIMEOUT_MILLIS);
    // As the cache does it: the SDK's own check costs a third of its throughput.
    configuration.setCrcCheckEnabled(false);
    return OSSClientBuilder.create()
        .endpoint(endpoint)
        .region(REGION)
        .credentialsProvider(new DefaultCredentialProvider(KEY, SECRET))
        .clientConfiguration(configuration)
        .build();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
