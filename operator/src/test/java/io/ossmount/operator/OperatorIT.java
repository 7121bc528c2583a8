package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Timestamp;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
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
import io.ossmount.api.Labels;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.Write;
import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.operator.apiserver.ApiServer;
import io.ossmount.operator.apiserver.FakeCachePod;
import io.ossmount.proto.control.v1.DeadSession;
import io.ossmount.proto.control.v1.DeadSessions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
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
  private static final int DASHBOARD_PORT = 18199;

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
    create(
        client,
        """
        kind: Pod
        apiVersion: v1
        metadata: {name: operator-of-the-test, namespace: ossmount-system}
        spec: {containers: [{name: operator, image: operator}]}
        """);
    var operator = new OperatorProcess(configuration(), server.config(), Clock.systemUTC());
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
    // No garbage collector and no kubelet run here.
    client().pods().inNamespace(namespace).withGracePeriod(0).delete();
    client().policy().v1().podDisruptionBudget().inNamespace(namespace).delete();
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
  void theStatusShowsTheSpecInEffect() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");

    // when
    apply("{keepFree: 1Gi}\n  mounts: [{path: labels, bucket: my-labels}]");
    run(cachePod());

    // then
    var mount = await("Serving");
    var effective = Objects.requireNonNull(mount.getStatus().effective());
    assertThat(effective.recovery().timeout()).isEqualTo("9m");
    assertThat(effective.cache().keepFree()).isEqualTo(Quantity.parse("1Gi"));
    assertThat(effective.cache().readAhead()).isEqualTo(Quantity.parse("256Mi"));
    assertThat(effective.cache().readMode()).isEqualTo(ReadMode.None);
    assertThat(effective.write())
        .isEqualTo(new Write(WriteMode.Through, Quantity.parse("16Mi"), Quantity.parse("20Gi")));
    assertThat(mountJson()).contains("READ_MODE_NONE", "\"21474836480\"");
    assertThat(effective.mounts())
        .singleElement()
        .satisfies(nested -> assertThat(nested.endpoint()).isEqualTo("http://oss.example:9000"));
    // What the user wrote stays as it was written.
    var written =
        client()
            .genericKubernetesResources("ossmount.io/v1alpha1", "OssMount")
            .inNamespace(namespace)
            .withName(NAME)
            .require()
            .<Map<String, Object>>get("spec");
    assertThat(written)
        .containsEntry("cache", Map.of("keepFree", "1Gi"))
        .doesNotContainKeys("recovery", "timeouts", "files", "write");
  }

  @Test
  void withoutAnEndpointNothingIsMadeUntilThereIsOne() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");

    // when
    apply("# no endpoint", "{}");

    // then
    await("EndpointMissing");
    assertThat(cachePods()).isEmpty();

    // when
    apply("{}");

    // then
    run(cachePod());
    await("Serving");
  }

  @Test
  void aNestedMountHasASecretAndAConditionOfItsOwn() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}\n  mounts: [{path: labels, bucket: my-labels, secretRef: {name: of-labels}}]");
    run(cachePod());

    // then
    var missing = await(mount -> "SecretMissing".equals(reasonOfTheMount(mount)));
    assertThat(reason(missing)).isIn("Serving", "CachePodStarting", "Checking");
    assertThat(mountJson()).doesNotContain("of-labels");

    // when
    secret("of-labels", "{accessKeyId: id-of-labels, accessKeySecret: secret-of-labels}");

    // then
    var serving = await(mount -> "Reachable".equals(reasonOfTheMount(mount)));
    assertThat(serving.getStatus().mountsReady()).isEqualTo("1/1");
    assertThat(mountJson()).contains("id-of-labels");

    // when
    pods.getFirst().findsOf("labels", "AccessDenied");

    // then
    var broken = await(mount -> "AccessDenied".equals(reasonOfTheMount(mount)));
    assertThat(message(broken, "Ready"))
        .isEqualTo("1 of 1 nodes serve; 1 of 1 nested mounts is broken: labels (AccessDenied)");
    assertThat(status(broken, "Ready")).isEqualTo(Condition.Status.True);
    assertThat(status(broken, "MountsReady")).isEqualTo(Condition.Status.False);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(events("OssMount")).extracting(Event::getReason).contains("AccessDenied"));

    // when
    apply("{}");

    // then
    var without = await(mount -> mount.getStatus().mounts().isEmpty());
    assertThat(without.getStatus().conditions())
        .extracting(Condition::type)
        .doesNotContain("MountsReady");
    assertThat(without.getStatus().mountsReady()).isNull();
  }

  @Test
  void aVolumeThatGivesErrorsIsAConditionUntilItIsHealed() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    run(cachePod());
    await("Serving");

    // when
    pods.getFirst()
        .hasDead(
            DeadSessions.newBuilder()
                .addSessions(
                    DeadSession.newBuilder()
                        .setSession("s-1")
                        .setVolume("by-hand")
                        .setReason("Aborted")
                        .setSince(Timestamp.newBuilder().setSeconds(1_000_000_000)))
                .build());

    // then
    var broken = await(mount -> hasCondition(mount, "VolumesHealthy", "VolumeAborted"));
    assertThat(status(broken, "VolumesHealthy")).isEqualTo(Condition.Status.False);
    assertThat(message(broken, "VolumesHealthy"))
        .startsWith(
            "by-hand on node %s (given up at 2001-09-09T01:46:40Z, as nobody served it): "
                .formatted(broken.getStatus().cachePods().getFirst().node()));
    assertThat(status(broken, "Ready")).isEqualTo(Condition.Status.True);

    // when
    pods.getFirst().hasDead(DeadSessions.getDefaultInstance());

    // then
    await(mount -> !hasCondition(mount, "VolumesHealthy", "VolumeAborted"));
    assertThat(mount().get().getStatus().conditions())
        .extracting(Condition::type)
        .doesNotContain("VolumesHealthy");
  }

  private static String reasonOfTheMount(OssMount mount) {
    return mount.getStatus().mounts().stream()
        .flatMap(nested -> nested.conditions().stream())
        .map(Condition::reason)
        .findFirst()
        .orElse("");
  }

  private String mountJson() {
    var secret = client().secrets().inNamespace(namespace).withName("ossmount-" + NAME).require();
    return new String(
        Base64.getDecoder().decode(Objects.requireNonNull(secret.getData().get("mount.json"))),
        StandardCharsets.UTF_8);
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
  void changedResourcesReachTheRunningPod() throws IOException {
    // given
    var pod = podInUse("pv-resources");

    // when
    apply("{resources: {requests: {cpu: 500m, memory: 2Gi}, limits: {memory: 2Gi}}}");

    // then
    var changing = await(mount -> status(mount, "UpdatePending") == Condition.Status.True);
    assertThat(message(changing, "UpdatePending"))
        .isEqualTo("0 of 1 nodes updated; next " + nodeOf(pod));
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(cachePod().getMetadata().getAnnotations())
              .containsEntry(Annotations.RESTARTS_BEFORE_CHANGE, "0");
          assertThat(container(cachePod()).getResources().getLimits())
              .containsEntry("memory", Quantity.parse("2Gi"));
        });
    var versions = versions().getFirst();
    await()
        .during(Duration.ofSeconds(3))
        .atMost(SOON)
        .until(() -> versions().getFirst().equals(versions));
    assertThat(cachePod().getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());

    // when
    pods.getFirst().restarted();

    // then
    await(mount -> status(mount, "UpdatePending") == Condition.Status.False);
  }

  @Test
  void aPodOfAnotherImageGetsTheOneThatItShouldHave() throws IOException {
    // given
    var pod = podInUse("pv-image");
    var template =
        Objects.requireNonNull(pod.getMetadata().getAnnotations().get(Annotations.TEMPLATE));

    // when
    client()
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .edit(now ->
            new PodBuilder(now)
                .editMetadata()
                .addToAnnotations(
                    Annotations.TEMPLATE, template.replaceFirst("image=[0-9a-f]+", "image=0"))
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .withImage("cache:old")
                .endContainer()
                .endSpec()
                .build());

    // then
    await(mount -> status(mount, "UpdatePending") == Condition.Status.True);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(container(cachePod()).getImage()).isEqualTo("cache:test"));
    assertThat(cachePod().getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());
    assertThat(cachePod().getMetadata().getAnnotations().get(Annotations.TEMPLATE))
        .isEqualTo(template);
    pods.getFirst().restarted();
    await(mount -> status(mount, "UpdatePending") == Condition.Status.False);
  }

  @Test
  void whatARunningPodCannotGetWaitsWhileVolumesAreInUse() throws IOException {
    // given
    var pod = podInUse("pv-update");

    // when
    mount()
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"cache\": {\"resources\": {\"requests\": {\"cpu\": null}}}}}");

    // then
    var waiting = await(mount -> message(mount, "UpdatePending").contains("refuses"));
    assertThat(message(waiting, "UpdatePending"))
        .contains("resources", "pv-update", "resource requests cannot be removed");
    assertThat(cachePod().getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());
    client().storage().v1().volumeAttachments().delete();
    await().atMost(SOON).until(() -> isReplaced(pod));
    pods.removeFirst().close();
    run(cachePod());
    await(mount -> status(mount, "UpdatePending") == Condition.Status.False);
  }

  @Test
  void aPodWhoseNodeHasVolumesIsNotEvicted() throws IOException {
    // given
    var pod = podInUse("pv-evict");
    var name = pod.getMetadata().getName();
    await().atMost(SOON).until(() -> budgets().equals(List.of(name)));

    // when
    assertThat(client().pods().inNamespace(namespace).withName(name).evict()).isFalse();
    client().storage().v1().volumeAttachments().delete();

    // then
    await().atMost(SOON).until(() -> budgets().isEmpty());
    assertThat(client().pods().inNamespace(namespace).withName(name).evict()).isTrue();
  }

  @Test
  void aDeletedPodIsFollowedAtOnceByAnother() throws IOException {
    // given
    var pod = podInUse("pv-deleted");
    FakeCachePod.bind(client(), pod, nodeOf(pod));
    await().atMost(SOON).until(() -> budgets().equals(List.of(pod.getMetadata().getName())));

    // when
    long start = System.nanoTime();
    client().pods().resource(pod).delete();
    var next = await().atMost(SOON).until(this::cachePods, found -> found.size() == 2);
    var took = Duration.ofNanos(System.nanoTime() - start);

    // then
    assertThat(took).isLessThan(Duration.ofSeconds(2));
    assertThat(next).extracting(OperatorIT::nodeOf).containsOnly(nodeOf(pod));
    var successor =
        next.stream().filter(it -> it.getMetadata().getDeletionTimestamp() == null).toList();
    assertThat(successor)
        .singleElement()
        .satisfies(it -> assertThat(it.getMetadata().getName()).isNotEqualTo(name(pod)));
    await(mount ->
        name(successor.getFirst()).equals(mount.getStatus().cachePods().getFirst().name()));
    await().atMost(SOON).until(() -> budgets().equals(List.of(name(successor.getFirst()))));
    client().pods().resource(pod).withGracePeriod(0).delete();
    pods.removeFirst().close();
    run(cachePod());
    await("Serving");
  }

  @Test
  void itWaitsForTheOneBeforeWhereTheNodeHasNoRoomForTwo() throws IOException {
    // given
    var pod = podInUse("pv-crowded");
    var node = nodeOf(pod);
    FakeCachePod.bind(client(), pod, node);
    create(
        client(),
        """
        kind: Pod
        apiVersion: v1
        metadata: {name: crowd, namespace: %s}
        spec:
          nodeName: %s
          containers: [{name: main, image: busybox, resources: {requests: {memory: 6400Mi}}}]
        """
            .formatted(namespace, node));

    // when
    client().pods().resource(pod).delete();

    // then
    await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> cachePods().size() == 1);
    client().pods().resource(pod).withGracePeriod(0).delete();
    await().atMost(SOON).until(() -> isReplaced(pod));
    pods.removeFirst().close();
    run(cachePod());
    await("Serving");
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

  /** The pod that serves on a node where a volume is attached. */
  private Pod podInUse(String volume) throws IOException {
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    var pod = run(cachePod());
    await("Serving");
    volume(volume, nodeOf(pod));
    await(mount -> Objects.equals(mount.getStatus().volumes(), 1));
    return pod;
  }

  private boolean isReplaced(Pod pod) {
    return cachePods().stream()
        .map(it -> it.getMetadata().getUid())
        .anyMatch(uid -> !uid.equals(pod.getMetadata().getUid()));
  }

  private List<String> budgets() {
    return client()
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .map(OperatorIT::name)
        .toList();
  }

  private static String name(HasMetadata resource) {
    return resource.getMetadata().getName();
  }

  @Test
  void theDashboardShowsAServiceAccountWhatItMayGet() throws Exception {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    run(cachePod());
    await("Serving");
    for (var account : List.of("viewer", "nobody")) {
      create(
          client(),
          "kind: ServiceAccount\napiVersion: v1\nmetadata: {name: %s, namespace: %s}"
              .formatted(account, namespace));
    }
    create(
        client(),
        """
        kind: Role
        apiVersion: rbac.authorization.k8s.io/v1
        metadata: {name: viewer, namespace: %s}
        rules: [{apiGroups: [ossmount.io], resources: [ossmounts], verbs: [get]}]
        """
            .formatted(namespace));
    create(
        client(),
        """
        kind: RoleBinding
        apiVersion: rbac.authorization.k8s.io/v1
        metadata: {name: viewer, namespace: %1$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: viewer}
        subjects: [{kind: ServiceAccount, name: viewer, namespace: %1$s}]
        """
            .formatted(namespace));

    try (var dashboard = new DashboardClient(client(), DASHBOARD_PORT)) {
      // when
      var link = "/mounts/" + namespace + "/" + NAME;
      // then
      assertThat(dashboard.get("/", "wrong").statusCode()).isEqualTo(401);
      assertThat(dashboard.get("/", token("nobody")).body()).doesNotContain(link);
      assertThat(dashboard.get(link, token("nobody")).statusCode()).isEqualTo(404);
      assertThat(dashboard.get("/", token("viewer")).body()).contains(link);
      var page = dashboard.get(link, token("viewer"));
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("BucketReachable", "system:serviceaccount:", "going-up.bin");
      var files = dashboard.get(link + "/files?path=some%2Fdirectory", token("viewer"));
      assertThat(files.body()).contains("file-of-some/directory", "25 %");
    }
  }

  @Test
  void theOperatorThatLeadsIsTheOneToWhichTheDashboardsServiceLeads() {
    await()
        .atMost(SOON)
        .until(() ->
            "true"
                .equals(
                    client()
                        .pods()
                        .inNamespace("ossmount-system")
                        .withName("operator-of-the-test")
                        .require()
                        .getMetadata()
                        .getLabels()
                        .get(Labels.LEADER)));
  }

  private String token(String account) {
    return client()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(account)
        .tokenRequest()
        .getStatus()
        .getToken();
  }

  private static Container container(Pod pod) {
    return pod.getSpec().getContainers().getFirst();
  }

  private KubernetesClient client() {
    return Objects.requireNonNull(environment).client();
  }

  private static OperatorConfiguration configuration() throws InvalidConfigurationException {
    return OperatorConfiguration.from(
        Map.ofEntries(
            Map.entry("OSSMOUNT_NAMESPACE", "ossmount-system"),
            Map.entry("OSSMOUNT_POD_NAME", "operator-of-the-test"),
            Map.entry("OSSMOUNT_CACHE_IMAGE", "cache:test"),
            Map.entry("OSSMOUNT_VERSION", "test"),
            Map.entry("OSSMOUNT_HEALTH_PORT", "18099"),
            Map.entry("OSSMOUNT_DASHBOARD", "true"),
            Map.entry("OSSMOUNT_DASHBOARD_PORT", Integer.toString(DASHBOARD_PORT)),
            Map.entry("OSSMOUNT_RECHECK_FINE", "1s"),
            Map.entry("OSSMOUNT_RECHECK_BROKEN", "1s"),
            Map.entry("OSSMOUNT_POLL_FINE", "500ms"),
            Map.entry("OSSMOUNT_POLL_BROKEN", "500ms"),
            Map.entry(
                "OSSMOUNT_DEFAULTS",
                "{\"recovery\": {\"timeout\": \"9m\"}, \"cache\": {\"readMode\": \"None\"},"
                    + " \"write\": {\"stagingSize\": \"20Gi\"}}")));
  }

  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
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

  private Resource<OssMount> mount() {
    return client().resources(OssMount.class).inNamespace(namespace).withName(NAME);
  }

  @Test
  void aResetIsAskedOfTheCachePodsAndToldWhenTheyHaveDoneIt() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    run(cachePod());
    await("Serving");
    var pod = pods.getLast();

    // when
    mount()
        .edit(mount -> {
          mount.getMetadata().setAnnotations(Map.of(Annotations.RESET, "monday"));
          return mount;
        });

    // then
    await(mount -> hasCondition(mount, "ResetPending", "InProgress"));
    assertThat(pod.mountJson()).contains("\"reset\": \"monday\"");

    // when
    pod.hasReset("monday", 412L << 20);

    // then
    var mount = await(it -> hasCondition(it, "ResetPending", "ResetDone"));
    assertThat(message(mount, "ResetPending")).isEqualTo("412Mi dropped on 1 node");
    assertThat(Objects.requireNonNull(mount.getStatus().reset()).finishedAt()).isNotNull();
    await().until(() -> !eventsOf("ResetDone").isEmpty());
    var versions = versions();
    await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> versions().equals(versions));
    assertThat(eventsOf("ResetDone")).containsExactly("reset monday: 412Mi dropped on 1 node");
  }

  @Test
  void aSuspendedOssMountHasNoCachePodsUntilItIsNotAnyMore() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{replicas: 0}");
    volume("pv-suspended", "n1");
    var before = run(cachePod());
    await("Serving");

    // when
    apply("{replicas: 0}\n  suspend: true");

    // then
    await(mount -> hasCondition(mount, "Suspended", "VolumesInUse"));
    assertThat(cachePods()).hasSize(1);

    // when
    client().storage().v1().volumeAttachments().delete();

    // then
    await(mount -> hasCondition(mount, "Suspended", "Suspended"));
    var suspended = await("Suspended");
    assertThat(suspended.getStatus().nodesReady()).isEqualTo("0/0");
    assertThat(cachePods()).isEmpty();

    // when
    apply("{replicas: 1}");

    // then
    assertThat(cachePod().getMetadata().getUid()).isNotEqualTo(before.getMetadata().getUid());
    await(mount -> !hasCondition(mount, "Suspended", "Suspended"));
  }

  private static boolean hasCondition(OssMount mount, String type, String reason) {
    return mount.getStatus().conditions().stream()
        .anyMatch(found -> found.type().equals(type) && found.reason().equals(reason));
  }

  private List<String> eventsOf(String reason) {
    return events("OssMount").stream()
        .filter(event -> event.getReason().equals(reason))
        .map(Event::getMessage)
        .toList();
  }

  private void apply(String cache) {
    apply("endpoint: http://oss.example:9000\n  region: local", cache);
  }

  private void apply(String place, String cache) {
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

  private static OssMount withBucket(OssMount mount, String bucket) {
    var yaml = Serialization.asYaml(mount);
    return Serialization.unmarshal(yaml.replace("my-bucket", bucket), OssMount.class);
  }

  private void secret(String data) {
    secret("credentials", data);
  }

  private void secret(String name, String data) {
    create(
        client(),
        "kind: Secret\napiVersion: v1\nmetadata: {name: %s, namespace: %s}\nstringData: %s"
            .formatted(name, namespace, data));
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
