package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Workspace;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * A cache pod that cannot come back: its volume is given up in time, and healed when it is there;
 * until then pods wait, and can be deleted.
 */
@Order(3)
final class UnservedE2E {
  private static final String MOUNT = "files";
  private static final String PATIENT = "patient";
  private static final String READ = "cat /data/file.txt";
  private static final String BELOW = "{name: scratch, mountPath: /data/scratch}";

  private TestBed bed;

  @BeforeEach
  void twoPodsUseTheVolumeAndOneOfThemCannotBeHealed() {
    bed = TestBed.create("e2e-unserved");
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
    bed.oss().put(bed.bucket(), "other.txt", "other".getBytes(UTF_8));
    bed.mount(MOUNT, "cache: {replicas: 0}\nrecovery: {timeout: 10s}");
    String kept =
        Workspace.podYaml("kept", bed.firstNode(), MOUNT)
                .replace("volumeMounts:", "volumeMounts:\n    - " + BELOW)
            + "  - {name: scratch, emptyDir: {}}\n";
    bed.space()
        .apply(
            String.join(
                "---\n",
                Workspace.claimYaml(MOUNT),
                Workspace.podYaml("app", bed.firstNode(), MOUNT),
                kept));
    bed.space().awaitRunning("app");
    bed.space().awaitRunning("kept");
  }

  @AfterEach
  void removeIt() {
    bed.close();
  }

  @Test
  void isGivenUpAfterItsTimeoutAndHealedWhenItsCachePodIsThere() {
    // given
    allowNoPods();

    // when
    deleteCachePod(MOUNT);

    // then
    awaitEvent("Pod", "app", "VolumeAborted");
    awaitEvent("OssMount", MOUNT, "VolumeAborted");
    assertThat(bed.space().shell("app", READ).succeeded()).isFalse();
    assertThat(awaitAborted()).contains("a volume on node " + bed.firstNode(), "given up at ");

    // when
    allowPods();

    // then: the pod that cannot be healed keeps the condition
    awaitEvent("Pod", "app", "VolumeHealed");
    assertThat(bed.space().shell("app", READ).orFail()).isEqualTo("content");
    await("the cache pod tells which volume")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() ->
            assertThat(awaitAborted())
                .contains("on node " + bed.firstNode(), "given up at ")
                .doesNotContain("a volume on"));

    // when
    bed.space().delete("pod", "kept");

    // then
    await("nothing shows the dead mount any more")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(bed.space().condition(MOUNT, "VolumesHealthy")).isEmpty());
    bed.space().awaitReady(MOUNT);
    assertThat(restarts("app")).isEqualTo("0");
  }

  @Test
  void podsWaitOrAreDeletedWhileNobodyServesThem() {
    // given
    bed.mount(PATIENT, "cache: {replicas: 0}\nrecovery: {timeout: 10m}");
    bed.pods(PATIENT, Map.of("stays", bed.firstNode(), "leaves", bed.firstNode()));
    allowNoPods();
    deleteCachePod(PATIENT);
    var waiting = reading("stays", READ);
    // Another name: who waits for what another process is told of a name cannot be killed.
    var left = reading("leaves", "cat /data/other.txt");

    // when
    bed.space().delete("pod", "leaves");

    // then
    await("what ran in it has ended").atMost(Workspace.PATIENCE).until(left::isDone);
    assertThat(left).isCompletedExceptionally();
    assertThat(waiting).isNotDone();

    // when
    allowPods();

    // then
    assertThat(waiting).succeedsWithin(Workspace.PATIENCE).isEqualTo("content");
    assertThat(bed.space().events("Pod", "stays").toString()).doesNotContain("VolumeAborted");
    bed.space().awaitReady(PATIENT);
  }

  /** What is read in a pod, which may have to wait. */
  private CompletableFuture<String> reading(String pod, String command) {
    var longest = Workspace.PATIENCE.multipliedBy(3);
    return CompletableFuture.supplyAsync(
        () -> bed.space().shell(pod, command, longest).orFail(), Thread::startVirtualThread);
  }

  private void allowNoPods() {
    bed.space()
        .apply(
            """
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: no-pods}
            spec: {hard: {pods: "0"}}
            """);
  }

  private void allowPods() {
    bed.space().delete("resourcequota", "no-pods");
  }

  private void deleteCachePod(String mount) {
    bed.space().delete("pod", bed.space().cachePods(mount).getFirst().getMetadata().getName());
  }

  private String awaitAborted() {
    return bed.space()
        .awaitCondition(MOUNT, "VolumesHealthy", "False VolumeAborted", Workspace.PATIENCE);
  }

  private void awaitEvent(String kind, String name, String reason) {
    await("an Event %s of %s %s".formatted(reason, kind, name))
        .atMost(Workspace.PATIENCE)
        .untilAsserted(
            () -> assertThat(bed.space().events(kind, name).toString()).contains(reason + ": "));
  }

  private String restarts(String pod) {
    return bed.space().field("pod", pod, "{.status.containerStatuses[0].restartCount}");
  }
}
