package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountStatus.NodePending;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is written and not in OSS yet is not forgotten, whoever goes. */
class PendingUploadsIT extends OperatorOnApiServer {
  /** When nothing waits any more, the status says so within a minute. */
  private static final Duration WITHIN_A_MINUTE = Duration.ofSeconds(90);

  /** It is the one that leads at once, also after another. */
  @Override
  Map<String, String> environment() {
    var all = new HashMap<>(super.environment());
    all.put("OSSMOUNT_LEADER_ELECTION", "false");
    return all;
  }

  @AfterEach
  void removeTheNode() {
    client().nodes().withName("n3").delete();
  }

  /** The pod of a node where nothing but two objects is left that would need it. */
  private Pod podThatUploads(String node) throws IOException {
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{replicas: 0}");
    volume("pv-" + node + "-" + namespace, node);
    var pod = run(cachePod());
    await("Serving");
    pods.getFirst().uploads(2, Instant.now());
    await(mount -> nodesWithUploads(mount).equals(List.of(node)));
    client().storage().v1().volumeAttachments().delete();
    client().persistentVolumes().delete();
    await(mount -> Objects.equals(mount.getStatus().volumes(), 0));
    return pod;
  }

  private static List<String> nodesWithUploads(OssMount mount) {
    var pending = mount.getStatus().pending();
    return pending == null ? List.of() : pending.nodes().stream().map(NodePending::node).toList();
  }

  private void goes(Pod pod) {
    pods.removeFirst().close();
    client().pods().resource(pod).withGracePeriod(0).delete();
  }

  private void annotate(String nodes) {
    mount()
        .edit(mount -> {
          mount.getMetadata().setAnnotations(Map.of(Annotations.FORGET_PENDING, nodes));
          return mount;
        });
  }

  @Test
  void aNodeWhosePodIsGoneGetsAnotherUntilAllIsUploaded() throws IOException {
    // given
    var pod = podThatUploads("n1");

    // when
    goes(pod);

    // then
    var next = cachePod();
    assertThat(nodeOf(next)).isEqualTo("n1");
    assertThat(next.getMetadata().getUid()).isNotEqualTo(pod.getMetadata().getUid());
    assertThat(nodesWithUploads(mount().require())).containsExactly("n1");

    // when
    run(next);

    // then
    await().atMost(WITHIN_A_MINUTE).until(() -> mount().require().getStatus().pending() == null);
  }

  @Test
  void theNextOperatorKnowsWhatTheOneBeforeKnew() throws Exception {
    // given
    var pod = podThatUploads("n1");

    // when
    stopOperator();
    goes(pod);
    startOperator();

    // then
    assertThat(nodeOf(cachePod())).isEqualTo("n1");
    await("CachePodStarting");
    assertThat(nodesWithUploads(mount().require())).containsExactly("n1");
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> mount().edit(mount -> withBucket(mount, "another-bucket")))
        .withMessageContaining("cannot change while written files are not uploaded");

    // when
    mount().delete();

    // then
    assertThat(message(await("DeletionBlocked"), "Ready"))
        .startsWith("deletion waits for 2 objects (2Mi)");
    run(cachePod());
    await().atMost(SOON).until(() -> mount().get() == null);
  }

  @Test
  void deletionWaitsUntilThePodHasUploadedAll() throws IOException {
    // given
    podThatUploads("n1");

    // when
    mount().delete();

    // then
    assertThat(message(await("DeletionBlocked"), "Ready"))
        .isEqualTo("deletion waits for 2 objects (2Mi) that were written and are not in OSS yet");
    await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> mount().get() != null);

    // when
    pods.getFirst().hasUploaded();

    // then
    await().atMost(SOON).until(() -> mount().get() == null);
  }

  @Test
  void whatIsOnANodeThatIsGoneIsToldUntilItIsGivenUp() throws IOException {
    // given
    node(client(), "n3");
    var pod = podThatUploads("n3");
    // Who hears of the pod before the node makes another one.
    apply("{replicas: 0, idleTimeout: 1s}");

    // when
    client().nodes().withName("n3").delete();
    goes(pod);

    // then
    var told = await(mount -> hasCondition(mount, "WritesPending", "NodeGone"));
    assertThat(message(told, "WritesPending"))
        .startsWith("node n3 is gone with 2 objects (2Mi): they are lost unless it comes back")
        .endsWith("ossmount.io/forget-pending=n3");
    await().atMost(SOON).untilAsserted(() -> assertThat(cachePods()).isEmpty());

    // when
    annotate("n3");

    // then
    await().atMost(WITHIN_A_MINUTE).until(() -> nodesWithUploads(mount().require()).isEmpty());
    await().atMost(SOON).until(() -> !isAnnotated(mount().require()));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(eventsOf("PendingForgotten"))
                .contains(
                    "2 objects (2Mi) that wait on node n3 are given up, as the annotation"
                        + " ossmount.io/forget-pending asks"));
  }

  private static boolean isAnnotated(OssMount mount) {
    var annotations = mount.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(Annotations.FORGET_PENDING);
  }

  @Test
  void nothingIsGivenUpOfANodeWhoseCachePodAnswers() throws IOException {
    // given
    podThatUploads("n1");

    // when
    annotate("n1,n7");

    // then
    await().atMost(SOON).until(() -> !isAnnotated(mount().require()));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(eventsOf("PendingForgotten"))
                .anyMatch(told -> told.startsWith("nothing of node n1 was given up"))
                .anyMatch(told -> told.startsWith("nothing is known to wait on node n7")));
    assertThat(nodesWithUploads(mount().require())).containsExactly("n1");
    pods.getFirst().hasUploaded();
    mount().delete();
    await().atMost(SOON).until(() -> mount().get() == null);
  }

  @Test
  void aNodeThatComesBackUploads() throws IOException {
    // given
    node(client(), "n3");
    var pod = podThatUploads("n3");
    client().nodes().withName("n3").delete();
    goes(pod);
    await(mount -> hasCondition(mount, "WritesPending", "NodeGone"));

    // when
    node(client(), "n3");

    // then
    assertThat(nodeOf(cachePod())).isEqualTo("n3");
    run(cachePod());
    await().atMost(WITHIN_A_MINUTE).until(() -> mount().require().getStatus().pending() == null);
  }

  @Test
  void deletionHasAWayOutWhenANodeIsGoneForGood() throws IOException {
    // given
    node(client(), "n3");
    var pod = podThatUploads("n3");
    client().nodes().withName("n3").delete();
    goes(pod);

    // when
    mount().delete();

    // then
    var blocked =
        await(mount ->
            reason(mount).equals("DeletionBlocked") && message(mount, "Ready").contains("gone"));
    assertThat(message(blocked, "Ready")).endsWith("ossmount.io/forget-pending=n3");
    annotate("n3");
    await().atMost(SOON).until(() -> mount().get() == null);
  }

  @Test
  void aNamespaceThatEndsIsNotHeldByWhatNoPodCanUpload() throws IOException {
    // given
    var pod = podThatUploads("n1");

    // when
    client().namespaces().withName(namespace).delete();
    mount().delete();
    await("DeletionBlocked");
    goes(pod);

    // then
    await().atMost(SOON).until(() -> mount().get() == null);
  }

  @Test
  void aWriteConflictIsToldOnce() throws IOException {
    // given
    secret("{accessKeyId: id, accessKeySecret: secret}");
    apply("{}");
    run(cachePod());
    await("Serving");

    // when
    pods.getFirst().hasConflict("report.csv", "report.csv.conflict-n1-20261125T220509.123Z");

    // then
    await().atMost(SOON).until(() -> !eventsOf("WriteConflict").isEmpty());
    pods.getFirst().serves(1, 0);
    await(mount -> Objects.equals(mount.getStatus().cachePods().getFirst().sessions(), 1));
    assertThat(eventsOf("WriteConflict"))
        .singleElement()
        .asString()
        .startsWith("report.csv was replaced or removed elsewhere")
        .endsWith("what was written here as report.csv.conflict-n1-20261125T220509.123Z");
  }
}
