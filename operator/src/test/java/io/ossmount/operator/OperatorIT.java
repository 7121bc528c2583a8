package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.operator.apiserver.ApiServer;
import io.ossmount.operator.apiserver.FakeCachePod;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole operator against a real API server. The test is user, scheduler and kubelet; cache pods
 * answer as {@link FakeCachePod}.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class OperatorIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String NAME = "data";

  private final List<FakeCachePod> pods = new ArrayList<>();
  private @Nullable Environment environment;
  private String namespace = "";
  private int addresses;

  private record Environment(
      AutoCloseable server, AutoCloseable operator, KubernetesClient client) {}

  @BeforeAll
  void start(@TempDir Path directory)
      throws IOException, InterruptedException, InvalidConfigurationException {
    var server = new ApiServer(directory);
    var client = server.client();
    create(client, "kind: Namespace\napiVersion: v1\nmetadata: {name: ossmount-system}");
    try (InputStream crd =
        OssMount.class.getResourceAsStream("/META-INF/fabric8/ossmounts.ossmount.io-v1.yml")) {
      client
          .resource(
              client.getKubernetesSerialization().unmarshal(crd, CustomResourceDefinition.class))
          .create();
    }
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("ossmounts.ossmount.io")
        .waitUntilCondition(OperatorIT::isEstablished, 30, TimeUnit.SECONDS);
    node(client, "n1");
    node(client, "n2");
    var operator = new OperatorProcess(configuration(), server.client(), Clock.systemUTC());
    operator.start();
    environment = new Environment(server, operator, client);
  }

  @AfterAll
  void stop() throws Exception {
    if (environment != null) {
      environment.operator().close();
      environment.client().close();
      environment.server().close();
    }
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
    // No garbage collector runs here.
    client().pods().inNamespace(namespace).delete();
  }

  @Test
  void anAppliedOssMountBecomesReadyAndThenNothingIsWritten() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");

    // when
    var pod = run(cachePod());

    // then
    var mount = await("Serving");
    assertThat(mount.getStatus().nodesReady()).isEqualTo("1/1");
    assertThat(mount.getStatus().observedGeneration())
        .isEqualTo(mount.getMetadata().getGeneration());
    assertThat(mount.getStatus().cachePods())
        .singleElement()
        .satisfies(status -> assertThat(status.uid()).isEqualTo(pod.getMetadata().getUid()))
        .satisfies(status -> assertThat(status.ready()).isTrue());
    assertThat(mount.getMetadata().getFinalizers()).containsExactly("ossmount.io/volumes");
    var versions = versions();
    await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> versions().equals(versions));
  }

  @Test
  void aMissingSecretIsToldAndHealsByItself() throws IOException {
    // given
    apply("{}");
    var pod = run(cachePod());
    await("SecretMissing");
    assertThat(events("OssMount")).extracting(Event::getReason).contains("SecretMissing");

    // when
    secret("{akId: id}");
    await("SecretKeyMissing");
    client().secrets().inNamespace(namespace).withName("credentials").delete();
    secret("{akId: id, akSecret: secret}");

    // then
    await("Serving");
    assertThat(cachePod().getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());
    assertThat(cachePod().getMetadata().getAnnotations().get(Annotations.CONFIGURATION))
        .isNotEqualTo(pod.getMetadata().getAnnotations().get(Annotations.CONFIGURATION));
  }

  @Test
  void whatTheCachePodFindsIsToldToThePodThatWaits() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    run(cachePod());
    await("Serving");
    var node = nodeOf(cachePod());
    volume("pv-told", node);
    waitingPod(node);

    // when
    pods.getFirst().finds("SignatureMismatch");

    // then
    await("SignatureMismatch");
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(events("Pod"))
                .anySatisfy(event -> {
                  assertThat(event.getInvolvedObject().getName()).isEqualTo("training");
                  assertThat(event.getReason()).isEqualTo("SignatureMismatch");
                  assertThat(event.getMessage())
                      .startsWith("OssMount data: it is SignatureMismatch");
                }));
    pods.getFirst().finds("Reachable");
    await("Serving");
  }

  @Test
  void quotasWordsAreToldAndHealByThemselves() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    quota();
    apply("{}");

    // when
    var refused = await("CachePodRejected");
    client().resourceQuotas().inNamespace(namespace).delete();

    // then
    assertThat(message(refused, "Ready")).contains("exceeded quota: none");
    run(cachePod());
    await("Serving");
  }

  @Test
  void anUpdateWaitsWhileVolumesAreInUse() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    var pod = run(cachePod());
    await("Serving");
    volume("pv-update", nodeOf(pod));
    await(mount -> Objects.equals(mount.getStatus().volumes(), 1));

    // when
    apply("{resources: {limits: {memory: 2Gi}}}");

    // then
    var waiting = await(mount -> status(mount, "UpdatePending") == Condition.Status.True);
    assertThat(message(waiting, "UpdatePending")).contains("resources").contains("pv-update");
    assertThat(cachePod().getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());
    client().storage().v1().volumeAttachments().delete();
    await()
        .atMost(SOON)
        .until(() -> !cachePod().getMetadata().getUid().equals(pod.getMetadata().getUid()));
    pods.removeFirst().close();
    run(cachePod());
    await(mount -> status(mount, "UpdatePending") == Condition.Status.False);
  }

  @Test
  void aNodeInDemandGetsAPodAndTheBucketStays() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    var first = run(cachePod());
    await("Serving");
    var other = nodeOf(first).equals("n1") ? "n2" : "n1";

    // when
    volume("pv-demand", other);

    // then
    await().atMost(SOON).until(() -> cachePods().size() == 2);
    assertThat(cachePods()).extracting(OperatorIT::nodeOf).containsExactlyInAnyOrder("n1", "n2");
    await(mount -> Objects.equals(mount.getStatus().volumes(), 1));
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> mount().edit(mount -> withBucket(mount, "another-bucket")))
        .withMessageContaining("bucket cannot change while volumes use this OssMount");
  }

  @Test
  void anOssMountThatVolumesUseIsHeld() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    run(cachePod());
    await("Serving");
    volume("pv-held", "n1");
    await(mount -> Objects.equals(mount.getStatus().volumes(), 1));

    // when
    mount().delete();

    // then
    assertThat(message(await("DeletionBlocked"), "Ready")).contains("pv-held");
    client().persistentVolumes().delete();
    await().atMost(SOON).until(() -> mount().get() == null);
  }

  @Test
  void whatIsCachedIsShownSoon() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    run(cachePod());
    await("Serving");

    // when
    pods.getFirst().serves(2, 64L << 20);

    // then
    var shown =
        await(mount -> {
          var cache = mount.getStatus().cache();
          return cache != null && "64Mi".equals(String.valueOf(cache.used()));
        });
    assertThat(shown.getStatus().cachePods())
        .singleElement()
        .satisfies(pod -> assertThat(pod.sessions()).isEqualTo(2));
  }

  private KubernetesClient client() {
    return Objects.requireNonNull(environment).client();
  }

  private static OperatorConfiguration configuration() throws InvalidConfigurationException {
    return OperatorConfiguration.from(
        Map.of(
            "OSSMOUNT_NAMESPACE", "ossmount-system",
            "OSSMOUNT_POD_NAME", "operator-of-the-test",
            "OSSMOUNT_CACHE_IMAGE", "cache:test",
            "OSSMOUNT_VERSION", "test",
            "OSSMOUNT_HEALTH_PORT", "18099",
            "OSSMOUNT_RECHECK_FINE", "1s",
            "OSSMOUNT_RECHECK_BROKEN", "1s",
            "OSSMOUNT_POLL_FINE", "500ms",
            "OSSMOUNT_POLL_BROKEN", "500ms"));
  }

  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  private static HasMetadata create(KubernetesClient client, String yaml) {
    return client.resource(yaml).create();
  }

  private static void node(KubernetesClient client, String name) {
    var node = create(client, "kind: Node\napiVersion: v1\nmetadata: {name: %s}".formatted(name));
    client
        .resource(
            new NodeBuilder((Node) node)
                .withNewStatus()
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

  private Resource<OssMount> mount() {
    return client().resources(OssMount.class).inNamespace(namespace).withName(NAME);
  }

  private void apply(String cache) {
    client()
        .resource(
            """
            apiVersion: ossmount.io/v1alpha1
            kind: OssMount
            metadata: {name: data, namespace: %s}
            spec:
              bucket: my-bucket
              endpoint: http://oss.example:9000
              region: local
              secretRef: {name: credentials}
              cache: %s
            """
                .formatted(namespace, cache))
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("user")
                .build());
  }

  private static OssMount withBucket(OssMount mount, String bucket) {
    var yaml = Serialization.asYaml(mount);
    return Serialization.unmarshal(yaml.replace("my-bucket", bucket), OssMount.class);
  }

  private void secret(String data) {
    create(
        client(),
        "kind: Secret\napiVersion: v1\nmetadata: {name: credentials, namespace: %s}\nstringData: %s"
            .formatted(namespace, data));
  }

  private void quota() {
    var quota =
        (ResourceQuota)
            create(
                client(),
                "kind: ResourceQuota\napiVersion: v1\nmetadata: {name: none, namespace: %s}\nspec: {hard: {pods: '0'}}"
                    .formatted(namespace));
    var none = Map.of("pods", Quantity.parse("0"));
    client()
        .resource(
            new ResourceQuotaBuilder(quota)
                .withNewStatus()
                .withHard(none)
                .withUsed(none)
                .endStatus()
                .build())
        .patchStatus();
  }

  private void volume(String name, String node) {
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

  private void waitingPod(String node) {
    create(
        client(),
        """
        kind: Pod
        apiVersion: v1
        metadata: {name: training, namespace: %s}
        spec:
          nodeName: %s
          containers: [{name: main, image: busybox}]
          volumes: [{name: data, persistentVolumeClaim: {claimName: claim}}]
        """
            .formatted(namespace, node));
  }

  private List<Pod> cachePods() {
    return client()
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/component", "cache")
        .list()
        .getItems();
  }

  /** The only one, once it is there. */
  private Pod cachePod() {
    return await().atMost(SOON).until(this::cachePods, found -> found.size() == 1).getFirst();
  }

  private Pod run(Pod pod) throws IOException {
    pods.add(new FakeCachePod(client(), pod, NAME, "127.77.0." + ++addresses));
    return pod;
  }

  private static String nodeOf(Pod pod) {
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

  private OssMount await(String readyReason) {
    return await(mount -> reason(mount).equals(readyReason));
  }

  private OssMount await(Predicate<OssMount> condition) {
    return await()
        .atMost(SOON)
        .until(
            () -> mount().get(),
            mount -> mount != null && mount.getStatus() != null && condition.test(mount));
  }

  private static ConditionFactory await() {
    return Awaitility.await().pollInterval(Duration.ofMillis(200));
  }

  private static Condition condition(OssMount mount, String type) {
    return mount.getStatus().conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static String reason(OssMount mount) {
    return condition(mount, "Ready").reason();
  }

  private static Condition.Status status(OssMount mount, String type) {
    return condition(mount, type).status();
  }

  private static String message(OssMount mount, String type) {
    return condition(mount, type).message();
  }

  private List<Event> events(String kind) {
    return client().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> kind.equals(event.getInvolvedObject().getKind()))
        .toList();
  }

  private List<String> versions() {
    var all = new ArrayList<HasMetadata>(cachePods());
    all.add(mount().require());
    all.add(client().secrets().inNamespace(namespace).withName("ossmount-" + NAME).require());
    return all.stream().map(resource -> resource.getMetadata().getResourceVersion()).toList();
  }
}
