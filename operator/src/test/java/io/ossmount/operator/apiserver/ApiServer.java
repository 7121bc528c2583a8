package io.ossmount.operator.apiserver;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * etcd and kube-apiserver, as {@code deploy/local/build} makes them, on free ports with their data
 * in a directory of the test. There is no controller manager, scheduler or kubelet: nothing happens
 * but what operator and test do.
 */
public final class ApiServer implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
  private static final int ATTEMPTS = 3;

  private final List<Process> processes = new ArrayList<>();

  /** Of this one alone: who answers at a port that another has taken does not know it. */
  private final String token = UUID.randomUUID().toString();

  private final Config config;

  /**
   * Starts both and waits until the API server is ready.
   *
   * @throws IllegalStateException if they are not built, or do not start
   */
  public ApiServer(Path directory) throws IOException, InterruptedException {
    config = start(directory, binary());
  }

  /** Ports that were free may be taken before they are listened at: then again, with others. */
  private Config start(Path directory, Path binary) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return startOnce(Files.createDirectory(directory.resolve("attempt-" + attempt)), binary);
      } catch (IOException | InterruptedException | RuntimeException e) {
        boolean hasEnded = !areAlive();
        close();
        processes.clear();
        if (!hasEnded || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private Config startOnce(Path directory, Path binary) throws IOException, InterruptedException {
    int etcd = freePort();
    int etcdPeer = freePort();
    int port = freePort();
    var reached =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://127.0.0.1:" + port)
            .withOauthToken(token)
            .withTrustCerts(true)
            .build();
    start(directory, etcd(directory, etcd, etcdPeer));
    start(directory, apiServer(directory, binary, etcd, port));
    awaitReady(directory, reached);
    return reached;
  }

  /** How to reach it, with all rights. */
  public Config config() {
    return config;
  }

  /** A client with all rights; to be closed by the caller. */
  public KubernetesClient client() {
    return client(config);
  }

  private static KubernetesClient client(Config config) {
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public void close() {
    for (var process : processes.reversed()) {
      process.destroyForcibly();
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Path binary() {
    var cache =
        Optional.ofNullable(System.getenv("OSSMOUNT_CACHE"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "ossmount"));
    var binary = cache.resolve("bin").resolve("kube-apiserver");
    if (!Files.isExecutable(binary)) {
      throw new IllegalStateException(
          "this test needs %s; deploy/local/build makes it".formatted(binary));
    }
    return binary;
  }

  private static List<String> etcd(Path directory, int port, int peerPort) {
    var url = "http://127.0.0.1:" + port;
    var peer = "http://127.0.0.1:" + peerPort;
    return List.of(
        "etcd",
        "--data-dir=" + directory.resolve("etcd"),
        "--listen-client-urls=" + url,
        "--advertise-client-urls=" + url,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer,
        "--unsafe-no-fsync");
  }

  private List<String> apiServer(Path directory, Path binary, int etcd, int port)
      throws IOException {
    var tokens = directory.resolve("tokens.csv");
    Files.writeString(tokens, token + ",test,test,system:masters\n");
    var key = directory.resolve("service-account.pem");
    Files.writeString(key, rsaKey());
    return List.of(
        binary.toString(),
        "--etcd-servers=http://127.0.0.1:" + etcd,
        "--bind-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=" + directory.resolve("certificates"),
        "--token-auth-file=" + tokens,
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--service-account-issuer=https://kubernetes.default",
        "--service-account-key-file=" + key,
        "--service-account-signing-key-file=" + key,
        // What they wait for is a controller's work.
        "--disable-admission-plugins=ServiceAccount,StorageObjectInUseProtection");
  }

  private void start(Path directory, List<String> command) throws IOException {
    var name = String.valueOf(Path.of(command.getFirst()).getFileName());
    processes.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start());
  }

  private void awaitReady(Path directory, Config config) throws InterruptedException, IOException {
    long end = System.nanoTime() + STARTS_WITHIN.toNanos();
    try (var client = client(config)) {
      while (!isReady(client) && areAlive() && System.nanoTime() < end) {
        Thread.sleep(500);
      }
      // It may be ready with the etcd of another.
      if (!areAlive() || !isReady(client)) {
        throw new IllegalStateException(
            "the API server does not start: %s\netcd: %s"
                .formatted(
                    lastLines(directory.resolve("kube-apiserver.log")),
                    lastLines(directory.resolve("etcd.log"))));
      }
    }
  }

  private boolean areAlive() {
    return processes.stream().allMatch(Process::isAlive);
  }

  private static String lastLines(Path file) throws IOException {
    var log = Files.readAllLines(file);
    return String.join("\n", log.subList(Math.max(0, log.size() - 20), log.size()));
  }

  private static boolean isReady(KubernetesClient client) {
    try {
      // What the API server itself makes last of all that tests need.
      return "ok".equals(client.raw("/readyz"))
          && client.namespaces().withName("default").get() != null
          && client.scheduling().v1().priorityClasses().withName("system-node-critical").get()
              != null;
    } catch (KubernetesClientException _) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String rsaKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var key = generator.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
          .formatted(Base64.getMimeEncoder().encodeToString(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has RSA", e);
    }
  }
}
