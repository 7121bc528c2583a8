package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Timestamp;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ossmount.api.Annotations;
import io.ossmount.api.Labels;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.Write;
import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.operator.apiserver.FakeCachePod;
import io.ossmount.proto.control.v1.DeadSession;
import io.ossmount.proto.control.v1.DeadSessions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the operator makes of OssMounts, against a real API server. */
class OperatorIT extends OperatorOnApiServer {
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
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(events("OssMount")).extracting(Event::getReason).contains("SecretMissing"));

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
  void aDeletedPodIsFollowedByAnotherBeforeItIsGone() throws IOException {
    // given
    var pod = podInUse("pv-deleted");
    FakeCachePod.bind(client(), pod, nodeOf(pod));
    await().atMost(SOON).until(() -> budgets().equals(List.of(pod.getMetadata().getName())));

    // when
    client().pods().resource(pod).delete();

    // then
    var next = await().atMost(SOON).until(this::cachePods, found -> found.size() == 2);
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

    try (var dashboard = new DashboardClient(client(), operator().dashboardPort().orElseThrow())) {
      // when: the API server has seen who may do what
      var link = "/mounts/" + namespace + "/" + NAME;
      await().atMost(SOON).until(() -> dashboard.get(link, token("viewer")).statusCode() == 200);
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

  private List<String> versions() {
    var all = new ArrayList<HasMetadata>(cachePods());
    all.add(mount().require());
    all.add(client().secrets().inNamespace(namespace).withName("ossmount-" + NAME).require());
    return all.stream().map(resource -> resource.getMetadata().getResourceVersion()).toList();
  }
}
