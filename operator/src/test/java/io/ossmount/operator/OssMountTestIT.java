package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMountTest;
import io.ossmount.operator.apiserver.ApiServer;
import io.ossmount.operator.apiserver.Definitions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator's work for an OssMountTest against a real API server. The test is user, Job
 * controller and kubelet; nobody keeps logs, as without a node.
 */
@Timeout(240)
class OssMountTestIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Duration TTL_AND_MORE = Duration.ofSeconds(90);
  private static final String NAMESPACE = "ml";

  private static ApiServer server;
  private static OperatorProcess operator;
  private static KubernetesClient client;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    server = new ApiServer(directory);
    client = server.client();
    Definitions.create(client, "ossmounts.ossmount.io");
    Definitions.create(client, "ossmounttests.ossmount.io");
    create("kind: Namespace\napiVersion: v1\nmetadata: {name: ossmount-system}");
    create("kind: Namespace\napiVersion: v1\nmetadata: {name: ml}");
    create(
        "kind: Secret\napiVersion: v1\nmetadata: {name: credentials, namespace: ml}\n"
            + "stringData: {accessKeyId: id, accessKeySecret: secret}");
    operator =
        OperatorOfTest.build(
            Map.of(
                "OSSMOUNT_NAMESPACE", "ossmount-system",
                "OSSMOUNT_POD_NAME", "operator-of-the-test",
                "OSSMOUNT_CACHE_IMAGE", "cache:test",
                "OSSMOUNT_VERSION", "test",
                "OSSMOUNT_LEADER_ELECTION", "false",
                "OSSMOUNT_RECHECK_BROKEN", "1s"),
            server.config());
    operator.start();
  }

  @AfterAll
  static void stop() {
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

  @Test
  void aTestWaitsForItsOssMountThenHasAJobAndEndsWithIt() {
    // given
    test("of-data", "data", "10m");
    var waiting = await("of-data", reason("OssMountMissing"));
    assertThat(passed(waiting).message()).contains("no OssMount data", "make it");
    assertThat(jobs("of-data")).isEmpty();

    // when
    idleMount("data");

    // then
    var job = await().atMost(SOON).until(() -> jobs("of-data"), l -> l.size() == 1).getFirst();
    assertThat(job.getSpec().getBackoffLimit()).isZero();
    assertThat(claims("of-data"))
        .hasSize(4)
        .allSatisfy(claim -> assertThat(claim).startsWith(job.getMetadata().getName()));
    var begun = await("of-data", reason("PodPending"));
    assertThat(begun.getStatus().startedAt()).isNotNull();

    // when
    podOf(job, "ErrImagePull", "there is no cache:test");

    // then
    await("of-data", test -> passed(test).message().contains("there is no cache:test"));

    // when
    fail(job, "DeadlineExceeded");

    // then
    var ended = await("of-data", reason("TimedOut"));
    assertThat(passed(ended).status()).isEqualTo(Condition.Status.False);
    assertThat(passed(ended).message()).contains("no end after 10m", "there is no cache:test");
    assertThat(ended.getStatus().finishedAt()).isNotNull();
    // Nobody is there who would take the finalizer of claims that are in use.
    await().atMost(SOON).untilAsserted(() -> assertThat(claims("of-data")).isEmpty());
    var version = ended.getMetadata().getResourceVersion();
    await()
        .during(Duration.ofSeconds(5))
        .atMost(SOON)
        .until(
            () -> resource("of-data").require().getMetadata().getResourceVersion().equals(version));
  }

  @Test
  void aTestThatHasWaitedTooLongFailsAndIsDeletedWhenItsTimeIsOver() {
    // given
    create(
        """
        apiVersion: ossmount.io/v1alpha1
        kind: OssMountTest
        metadata: {name: of-nothing, namespace: ml}
        spec: {ossMountRef: {name: nothing}, timeout: 1s, ttlAfterFinished: 20s}
        """);
    // then
    await("of-nothing", test -> passed(test).status() == Condition.Status.False);
    await().atMost(TTL_AND_MORE).until(() -> resource("of-nothing").get() == null);
  }

  @Test
  void aTestCannotBeChanged() {
    // given
    test("fixed", "another", "10m");
    // then
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() ->
            resource("fixed")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"cleanup\": true}}"))
        .withMessageContaining("a test runs once");
    resource("fixed").delete();
  }

  private static void create(String yaml) {
    client.resource(yaml).create();
  }

  private static void test(String name, String ossMount, String timeout) {
    create(
        """
        apiVersion: ossmount.io/v1alpha1
        kind: OssMountTest
        metadata: {name: %s, namespace: ml}
        spec: {ossMountRef: {name: %s}, timeout: %s}
        """
            .formatted(name, ossMount, timeout));
  }

  /** Ready without a cache pod. */
  private static void idleMount(String name) {
    create(
        """
        apiVersion: ossmount.io/v1alpha1
        kind: OssMount
        metadata: {name: %s, namespace: ml}
        spec:
          bucket: my-bucket
          endpoint: http://oss.example:9000
          region: local
          secretRef: {name: credentials}
          cache: {replicas: 0}
        """
            .formatted(name));
  }

  private static void podOf(Job job, String reason, String message) {
    var name = job.getMetadata().getName();
    create(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s-abcde
          namespace: ml
          labels: {batch.kubernetes.io/job-name: %s}
        spec: {containers: [{name: test, image: "cache:test"}]}
        """
            .formatted(name, name));
    client
        .pods()
        .inNamespace(NAMESPACE)
        .withName(name + "-abcde")
        .editStatus(pod ->
            new PodBuilder(pod)
                .withNewStatus()
                .withPhase("Pending")
                .addNewContainerStatus()
                .withName("test")
                .withImage("cache:test")
                .withImageID("")
                .withReady(false)
                .withRestartCount(0)
                .withNewState()
                .withNewWaiting(message, reason)
                .endState()
                .endContainerStatus()
                .endStatus()
                .build());
  }

  private static void fail(Job job, String reason) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    client
        .resource(job)
        .editStatus(known ->
            new JobBuilder(known)
                .editOrNewStatus()
                .withStartTime(now)
                .addNewCondition()
                .withType("FailureTarget")
                .withStatus("True")
                .withReason(reason)
                .withLastTransitionTime(now)
                .endCondition()
                .addNewCondition()
                .withType("Failed")
                .withStatus("True")
                .withReason(reason)
                .withLastTransitionTime(now)
                .endCondition()
                .endStatus()
                .build());
  }

  private static Resource<OssMountTest> resource(String name) {
    return client.resources(OssMountTest.class).inNamespace(NAMESPACE).withName(name);
  }

  private static List<Job> jobs(String test) {
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace(NAMESPACE)
        .withLabel("ossmount.io/test", test)
        .list()
        .getItems();
  }

  private static List<String> claims(String test) {
    return client
        .persistentVolumeClaims()
        .inNamespace(NAMESPACE)
        .withLabel("ossmount.io/test", test)
        .list()
        .getItems()
        .stream()
        .map(claim -> claim.getMetadata().getName())
        .toList();
  }

  private static Predicate<OssMountTest> reason(String reason) {
    return test -> passed(test).reason().equals(reason);
  }

  private static Condition passed(OssMountTest test) {
    return test.getStatus().conditions().stream()
        .filter(condition -> condition.type().equals("Passed"))
        .findFirst()
        .orElseThrow();
  }

  private static OssMountTest await(String name, Predicate<OssMountTest> condition) {
    return await()
        .atMost(SOON)
        .until(
            () -> resource(name).get(),
            test -> test != null && test.getStatus() != null && condition.test(test));
  }

  private static ConditionFactory await() {
    return Awaitility.await().pollInterval(Duration.ofMillis(200));
  }
}
