package io.ossmount.chaos.scene;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.OSSErrorCode;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.ListMultipartUploadsRequest;
import com.aliyun.oss.model.ListObjectsV2Request;
import com.aliyun.oss.model.MultipartUpload;
import com.aliyun.oss.model.OSSObjectSummary;
import io.ossmount.emulator.EmulatorMain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The OSS emulator as a process, its admin API, and an SDK client that looks at its bucket. */
public final class Emulator implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TIMEOUT_MILLIS = 10_000;

  /** Errors are what it is here for. The logging of the JDK forgets loggers that nobody holds. */
  private static final Logger SDK_LOG = Logger.getLogger("com.aliyun.oss");

  static {
    SDK_LOG.setLevel(Level.OFF);
  }

  private final Programs programs;
  private final String address;
  private final Path directory;
  private final Path log;
  private final int port;
  private final int adminPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private final OSS oss;
  private Child child;

  private Emulator(Programs programs, String address, Path directory, Path log, Path seed)
      throws IOException, InterruptedException {
    this.programs = programs;
    this.address = address;
    this.directory = directory;
    this.log = log;
    this.port = freePort();
    this.adminPort = freePort();
    this.oss = client(endpoint());
    this.child = run(List.of("--seed=" + Names.BUCKET + "=" + seed));
  }

  /**
   * Starts one.
   *
   * @param address of this machine that it listens at
   * @param directory where objects are kept
   * @param seed directory whose files are the first objects
   */
  public static Emulator start(
      Programs programs, String address, Path directory, Path log, Path seed)
      throws IOException, InterruptedException {
    return new Emulator(programs, address, directory, log, seed);
  }

  /** Where OSS is. */
  public String endpoint() {
    return "http://" + address + ":" + port;
  }

  /** Id of its process. */
  public long pid() {
    return child.pid();
  }

  /** SIGKILL: connections are refused from now on. */
  public void kill() throws InterruptedException {
    child.kill();
  }

  /** Starts it again, with the objects that it had and without faults. */
  public void startAgain() throws IOException, InterruptedException {
    child = run(List.of());
  }

  /** Adds a fault, in the JSON of the emulator's admin API; those before stay. */
  public void addFault(String json) throws IOException, InterruptedException {
    send(admin("faults").POST(BodyPublishers.ofString(json)));
  }

  /** Takes all faults away. */
  public void clearFaults() throws IOException, InterruptedException {
    send(admin("faults").DELETE());
  }

  /** Keys and sizes of all objects whose key begins so. */
  public Map<String, Long> objects(String prefix) {
    var objects = new TreeMap<String, Long>();
    @Nullable String token = null;
    do {
      var page =
          oss.listObjectsV2(
              new ListObjectsV2Request(Names.BUCKET)
                  .withPrefix(prefix)
                  .withMaxKeys(1_000)
                  .withContinuationToken(token));
      for (OSSObjectSummary each : page.getObjectSummaries()) {
        objects.put(each.getKey(), each.getSize());
      }
      token = page.getNextContinuationToken();
    } while (token != null);
    return objects;
  }

  /** The bytes of an object; empty: it is not there. In one request: it may go at any moment. */
  public Optional<byte[]> read(String key) throws IOException {
    try (InputStream content = oss.getObject(Names.BUCKET, key).getObjectContent()) {
      return Optional.of(content.readAllBytes());
    } catch (OSSException e) {
      if (e.getErrorCode().equals(OSSErrorCode.NO_SUCH_KEY)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Puts an object, in the place of the one that is there. */
  public void put(String key, byte[] bytes) {
    oss.putObject(Names.BUCKET, key, new ByteArrayInputStream(bytes));
  }

  /** Keys of multipart uploads that were begun and neither completed nor aborted. */
  public List<String> uploads() {
    var keys = new ArrayList<String>();
    oss.listMultipartUploads(new ListMultipartUploadsRequest(Names.BUCKET))
        .getMultipartUploads()
        .forEach(upload -> keys.add(upload.getKey()));
    return keys;
  }

  /** Keys of those of them that were begun before. */
  public List<String> uploadsBefore(Instant moment) {
    return oss
        .listMultipartUploads(new ListMultipartUploadsRequest(Names.BUCKET))
        .getMultipartUploads()
        .stream()
        .filter(upload -> upload.getInitiated().toInstant().isBefore(moment))
        .map(MultipartUpload::getKey)
        .toList();
  }

  /** Changes a byte of an object whose key begins so, behind everybody's back. */
  public void spoilOne(String prefix) throws IOException {
    var key = objects(prefix + "-").keySet().stream().filter(k -> !k.endsWith("/")).findFirst();
    var bytes = key.isEmpty() ? Optional.<byte[]>empty() : read(key.get());
    var spoiled = bytes.orElseThrow(() -> new IOException("there is no object to spoil"));
    spoiled[spoiled.length / 2]++;
    oss.putObject(Names.BUCKET, key.get(), new ByteArrayInputStream(spoiled));
  }

  /** Begins a multipart upload that nobody ends. */
  public void beginUpload(String key) {
    oss.initiateMultipartUpload(new InitiateMultipartUploadRequest(Names.BUCKET, key));
  }

  private Child run(List<String> more) throws IOException, InterruptedException {
    var command = programs.java(EmulatorMain.class.getName(), List.of("-Xmx256m"));
    command.addAll(
        List.of(
            "--directory=" + directory,
            "--listen=" + address,
            "--port=" + port,
            "--admin-port=" + adminPort,
            "--access-key=" + Names.KEY + ":" + Names.SECRET));
    command.addAll(more);
    var started = Child.start(command, Map.of(), log);
    Await.must("the emulator answers", PATIENCE, () -> started.isAlive() && isHealthy());
    return started;
  }

  private boolean isHealthy() throws InterruptedException {
    try {
      send(admin("health").GET());
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private HttpRequest.Builder admin(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + address + ":" + adminPort + "/" + path))
        .timeout(Duration.ofMillis(TIMEOUT_MILLIS));
  }

  private void send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var answer = http.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() >= 400) {
      throw new IOException("the emulator says " + answer.statusCode() + ": " + answer.body());
    }
  }

  private static OSS client(String endpoint) {
    var configuration = new ClientBuilderConfiguration();
    configuration.setSignatureVersion(SignVersion.V4);
    configuration.setSLDEnabled(true);
    configuration.setConnectionTimeout(TIMEOUT_MILLIS);
    configuration.setSocketTimeout(TIMEOUT_MILLIS);
    configuration.setConnectionRequestTimeout(TIMEOUT_MILLIS);
    return OSSClientBuilder.create()
        .endpoint(endpoint)
        .region(Names.REGION)
        .credentialsProvider(new DefaultCredentialProvider(Names.KEY, Names.SECRET))
        .clientConfiguration(configuration)
        .build();
  }

  /** A port that nobody listens at now. */
  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    oss.shutdown();
    child.close();
    http.close();
  }
}
