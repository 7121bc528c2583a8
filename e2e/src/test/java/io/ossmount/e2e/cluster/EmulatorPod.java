package io.ossmount.e2e.cluster;

import static org.awaitility.Awaitility.await;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.ListObjectsV2Request;
import com.aliyun.oss.model.OSSObjectSummary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The OSS emulator as a pod of the cluster. Tests reach it at the pod's address, as the machine
 * that the cluster runs on can; mounts reach it by its Service's name. One for a run of the tests;
 * thread-safe.
 */
public final class EmulatorPod {
  /** An access key. */
  public record Key(String id, String secret) {
    @Override
    public String toString() {
      return id;
    }
  }

  /** What a key may do. */
  public enum Rights {
    FULL("full"),
    READ_ONLY("read-only"),
    NO_LIST("no-list");

    private final String name;

    Rights(String name) {
      this.name = name;
    }
  }

  /** Lock of those who make faults: who clears them clears all. */
  public static final String FAULTS = "faults of the emulator";

  private static final String NAMESPACE = "oss";
  private static final int PORT = 8080;
  private static final int ADMIN_PORT = 8081;
  private static final Key OWNER = new Key("e2e-owner", "e2e-owner-secret");

  private static @Nullable EmulatorPod shared;

  private final Cluster cluster;
  private final OSS oss;
  private final EmulatorAdmin admin;

  private EmulatorPod(Cluster cluster, String address) {
    this.cluster = cluster;
    this.oss = client("http://" + address + ":" + PORT);
    this.admin = new EmulatorAdmin("http://" + address + ":" + ADMIN_PORT);
  }

  /** The emulator; started by the first who asks. */
  public static synchronized EmulatorPod shared(Cluster cluster) {
    if (shared == null) {
      shared = start(cluster);
    }
    return shared;
  }

  /** Endpoint for path-style mounts: a name of the Service that is not taken for a bucket's. */
  public String endpoint() {
    return "http://emulator.oss.svc:" + PORT;
  }

  /** The key that may do all. */
  public Key owner() {
    return OWNER;
  }

  /** Makes a bucket, if it is not there. */
  public void createBucket(String bucket) {
    if (!oss.doesBucketExist(bucket)) {
      oss.createBucket(bucket);
    }
  }

  /** Replaces an object. */
  public void put(String bucket, String key, byte[] bytes) {
    oss.putObject(bucket, key, new ByteArrayInputStream(bytes));
  }

  /** Bytes of an object. */
  public byte[] get(String bucket, String key) {
    try (InputStream content = oss.getObject(bucket, key).getObjectContent()) {
      return content.readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Keys below a prefix, up to 1,000. */
  public List<String> keys(String bucket, String prefix) {
    ListObjectsV2Request request = new ListObjectsV2Request(bucket, prefix);
    request.setMaxKeys(1000);
    return oss.listObjectsV2(request).getObjectSummaries().stream()
        .map(OSSObjectSummary::getKey)
        .toList();
  }

  /** A new access key. */
  public Key newKey(Rights rights) {
    String id = "e2e-" + UUID.randomUUID().toString().substring(0, 8).toLowerCase(Locale.ROOT);
    Key key = new Key(id, UUID.randomUUID().toString());
    setRights(key, rights);
    return key;
  }

  /** Changes what a key may do. */
  public void setRights(Key key, Rights rights) {
    admin.putKey(key.id(), key.secret(), rights.name);
  }

  /** All requests to the bucket get this answer, until {@link #clearFaults}. */
  public void fault(String bucket, int status, String code) {
    admin.addAnswer(bucket, status, code);
  }

  /** Requests of the method to keys of the pattern are denied, until {@link #clearFaults}. */
  public void deny(String bucket, String method, String keys) {
    admin.addAnswer(bucket, method, keys, 403, "AccessDenied");
  }

  /** All requests to the bucket wait, until {@link #clearFaults}. */
  public void delay(String bucket, Duration duration) {
    admin.addDelay(bucket, duration);
  }

  /** Ends all faults. */
  public void clearFaults() {
    admin.clearFaults();
  }

  /** Access keys that the latest requests to the bucket were signed with, newest last. */
  public List<String> keysUsed(String bucket) {
    return admin.accessKeys(bucket);
  }

  /**
   * Makes a Service with the bucket's name, so that BUCKET.oss.svc.cluster.local is the emulator on
   * port 80.
   */
  public void serviceFor(String bucket) {
    cluster.apply(service(bucket, "{port: 80, targetPort: " + PORT + "}"));
  }

  private static EmulatorPod start(Cluster cluster) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: oss}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: e2e-emulator, namespace: oss, labels: {app: e2e-emulator}}
        spec:
          terminationGracePeriodSeconds: 1
          nodeSelector: {kubernetes.io/hostname: %s}
          containers:
          - name: emulator
            image: ossmount.local/ossmount-oss-emulator:%s
            args:
            - --directory=/data
            - --port=%d
            - --admin-port=%d
            - --host-suffix=oss.svc.cluster.local
            - --access-key=%s:%s
            volumeMounts:
            - {name: data, mountPath: /data}
          securityContext: {runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532}
          volumes:
          - {name: data, emptyDir: {}}
        ---
        %s\
        """
            .formatted(
                // A pod has another address after its node's reboot; tests reboot the first.
                cluster.nodes().getLast(),
                cluster.version(),
                PORT,
                ADMIN_PORT,
                OWNER.id(),
                OWNER.secret(),
                service("emulator", "{port: " + PORT + "}")));
    await("the emulator runs").atMost(Workspace.PATIENCE).until(() -> isReady(cluster));
    String address = podField(cluster, "{.status.podIP}");
    EmulatorPod pod = new EmulatorPod(cluster, address);
    await("the emulator answers")
        .atMost(Workspace.PATIENCE)
        .ignoreExceptions()
        .until(() -> pod.admin.isHealthy());
    return pod;
  }

  private static boolean isReady(Cluster cluster) {
    return podField(cluster, "{.status.conditions[?(@.type==\"Ready\")].status}").equals("True");
  }

  private static String podField(Cluster cluster, String path) {
    return cluster
        .kubectl("-n", NAMESPACE, "get", "pod", "e2e-emulator", "-o", "jsonpath=" + path)
        .orFail();
  }

  private static String service(String name, String port) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: oss}
    spec:
      selector: {app: e2e-emulator}
      ports: [%s]
    """
        .formatted(name, port);
  }

  private static OSS client(String endpoint) {
    ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
    configuration.setSignatureVersion(SignVersion.V4);
    configuration.setSLDEnabled(true);
    return OSSClientBuilder.create()
        .endpoint(endpoint)
        .region("cn-emulator")
        .credentialsProvider(new DefaultCredentialProvider(OWNER.id(), OWNER.secret()))
        .clientConfiguration(configuration)
        .build();
  }
}
