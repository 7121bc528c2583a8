package io.ossmount.operator;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.operator.apiserver.ApiServer;
import io.ossmount.operator.apiserver.Definitions;
import io.ossmount.operator.apiserver.FakeCachePod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole operator against a real API server. The test is user, scheduler and kubelet; cache pods
 * answer as {@link FakeCachePod}. Each test has a namespace of its own.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
abstract class OperatorOnApiServer {
  static final Duration SOON = Duration.ofSeconds(30);
  static final String NAME = "data";

  /** Of this process: those of others may be on the machine at the same time. */
  private static final String ADDRESSES =
      "127.%d.%d."
          .formatted(
              64 + ((ProcessHandle.current().pid() >> 8) & 63),
              ProcessHandle.current().pid() & 255);

  final List<FakeCachePod> pods = new ArrayList<>();
  private @Nullable ApiServer server;
  private @Nullable KubernetesClient client;
  private @Nullable OperatorProcess operator;
  String namespace = "";
  private int addresses;

  @BeforeAll
  void start(@TempDir Path directory)
      throws IOException, InterruptedException, InvalidConfigurationException {
    server = new ApiServer(directory);
    client = server.client();
    create(client(), "kind: Namespace\napiVersion: v1\nmetadata: {name: ossmount-system}");
    Definitions.create(client(), "ossmounts.ossmount.io");
    node(client(), "n1");
    node(client(), "n2");
    create(
        client(),
        """
        kind: Pod
        apiVersion: v1
        metadata: {name: operator-of-the-test, namespace: ossmount-system}
        spec: {containers: [{name: operator, image: operator}]}
        """);
    startOperator();
  }

  @AfterAll
  void stop() {
    if (operator != null) {
      operator.close();
    }
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /** The operator is gone; its successor knows only what is in the cluster. */
  void stopOperator() {
    operator().close();
  }

  /** A successor. */
  void startOperator() throws IOException, InvalidConfigurationException {
    operator = OperatorOfTest.build(environment(), Objects.requireNonNull(server).config());
    operator().start();
  }

  OperatorProcess operator() {
    return Objects.requireNonNull(operator);
  }

  @BeforeEach
  void useANamespaceOfItsOwn(TestInfo test) {
    namespace = "t-" + Integer.toUnsignedString(test.getDisplayName().hashCode());
    create(client(), "kind: Namespace\napiVersion: v1\nmetadata: {name: %s}".formatted(namespace));
  }

  @AfterEach
  void leaveNothing() {
    pods.forEach(FakeCachePod::close);
    pods.clear();
    client().persistentVolumes().delete();
    client().storage().v1().volumeAttachments().delete();
    client().resources(OssMount.class).inNamespace(namespace).delete();
    await()
        .atMost(SOON)
        .until(() ->
            client().resources(OssMount.class).inNamespace(namespace).list().getItems().isEmpty());
    // No garbage collector and no kubelet run here.
    client().pods().inNamespace(namespace).withGracePeriod(0).delete();
    client().policy().v1().podDisruptionBudget().inNamespace(namespace).delete();
  }

  static String name(HasMetadata resource) {
    return resource.getMetadata().getName();
  }

  KubernetesClient client() {
    return Objects.requireNonNull(client);
  }

  /** Variables of the operator, but for its ports. */
  Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("OSSMOUNT_NAMESPACE", "ossmount-system"),
        Map.entry("OSSMOUNT_POD_NAME", "operator-of-the-test"),
        Map.entry("OSSMOUNT_CACHE_IMAGE", "cache:test"),
        Map.entry("OSSMOUNT_VERSION", "test"),
        Map.entry("OSSMOUNT_DASHBOARD", "true"),
        Map.entry("OSSMOUNT_RECHECK_FINE", "1s"),
        Map.entry("OSSMOUNT_RECHECK_BROKEN", "1s"),
        Map.entry("OSSMOUNT_POLL_FINE", "500ms"),
        Map.entry("OSSMOUNT_POLL_BROKEN", "500ms"),
        Map.entry(
            "OSSMOUNT_DEFAULTS",
            "{\"recovery\": {\"timeout\": \"9m\"}, \"cache\": {\"readMode\": \"None\"},"
                + " \"write\": {\"stagingSize\": \"20Gi\"}}"));
  }

  static HasMetadata create(KubernetesClient client, String yaml) {
    return client.resource(yaml).create();
  }

  static void node(KubernetesClient client, String name) {
    var node = create(client, "kind: Node\napiVersion: v1\nmetadata: {name: %s}".formatted(name));
    client
        .resource(
            new NodeBuilder((Node) node)
                .withNewStatus()
                .addToAllocatable("cpu", Quantity.parse("16"))
                .addToAllocatable("memory", Quantity.parse("8Gi"))
                .addToAllocatable("pods", Quantity.parse("110"))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build())
        .patchStatus();
    // The API server taints new nodes; a controller would take that away.
    client
        .nodes()
        .withName(name)
        .edit(n -> new NodeBuilder(n).editSpec().withTaints().endSpec().build());
  }

  Resource<OssMount> mount() {
    return client().resources(OssMount.class).inNamespace(namespace).withName(NAME);
  }

  static boolean hasCondition(OssMount mount, String type, String reason) {
    return mount.getStatus().conditions().stream()
        .anyMatch(found -> found.type().equals(type) && found.reason().equals(reason));
  }

  List<String> eventsOf(String reason) {
    return events("OssMount").stream()
        .filter(event -> event.getReason().equals(reason))
        .map(Event::getMessage)
        .toList();
  }

  void apply(String cache) {
    apply("endpoint: http://oss.example:9000\n  region: local", cache);
  }

  void apply(String place, String cache) {
    client()
        .resource(
            """
            apiVersion: ossmount.io/v1alpha1
            kind: OssMount
            metadata: {name: data, namespace: %s}
            spec:
              bucket: my-bucket
              %s
              secretRef: {name: credentials}
              cache: %s
            """
                .formatted(namespace, place, cache))
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("user")
                .build());
  }

  static OssMount withBucket(OssMount mount, String bucket) {
    var yaml = Serialization.asYaml(mount);
    return Serialization.unmarshal(yaml.replace("my-bucket", bucket), OssMount.class);
  }

  void secret(String data) {
    secret("credentials", data);
  }

  void secret(String name, String data) {
    create(
        client(),
        "kind: Secret\napiVersion: v1\nmetadata: {name: %s, namespace: %s}\nstringData: %s"
            .formatted(name, namespace, data));
  }

  void volume(String name, String node) {
    create(
        client(),
        """
        kind: PersistentVolume
        apiVersion: v1
        metadata: {name: %s}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteMany]
          claimRef: {namespace: %s, name: claim}
          csi:
            driver: ossmount.io
            volumeHandle: %s
            volumeAttributes: {ossmount.io/namespace: %s, ossmount.io/name: data}
        """
            .formatted(name, namespace, name, namespace));
    create(
        client(),
        """
        kind: VolumeAttachment
        apiVersion: storage.k8s.io/v1
        metadata: {name: %s}
        spec: {attacher: ossmount.io, nodeName: %s, source: {persistentVolumeName: %s}}
        """
            .formatted(name, node, name));
  }

  List<Pod> cachePods() {
    return client()
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/component", "cache")
        .list()
        .getItems();
  }

  /** The only one, once it is there. */
  Pod cachePod() {
    return await().atMost(SOON).until(this::cachePods, found -> found.size() == 1).getFirst();
  }

  Pod run(Pod pod) throws IOException {
    pods.add(new FakeCachePod(client(), pod, NAME, ADDRESSES + ++addresses));
    return pod;
  }

  static String nodeOf(Pod pod) {
    return pod.getSpec()
        .getAffinity()
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .getFirst()
        .getMatchFields()
        .getFirst()
        .getValues()
        .getFirst();
  }

  OssMount await(String readyReason) {
    return await(mount -> reason(mount).equals(readyReason));
  }

  OssMount await(Predicate<OssMount> condition) {
    return await()
        .atMost(SOON)
        .until(
            () -> mount().get(),
            mount -> mount != null && mount.getStatus() != null && condition.test(mount));
  }

  static ConditionFactory await() {
    return Awaitility.await().pollInterval(Duration.ofMillis(200));
  }

  static Condition condition(OssMount mount, String type) {
    return mount.getStatus().conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  static String reason(OssMount mount) {
    return condition(mount, "Ready").reason();
  }

  static Condition.Status status(OssMount mount, String type) {
    return condition(mount, type).status();
  }

  static String message(OssMount mount, String type) {
    return condition(mount, type).message();
  }

  List<Event> events(String kind) {
    return client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> kind.equals(event.getInvolvedObject().getKind()))
        .toList();
  }
}
