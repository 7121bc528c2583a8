package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A cache pod that cannot come back: its volume is given up in time, and healed when it is there.
 */
final class UnservedE2E {
  private static final String MOUNT = "files";
  private static final String BELOW = "{name: scratch, mountPath: /data/scratch}";

  private TestBed bed;

  @BeforeEach
  void twoPodsUseTheVolumeAndOneOfThemCannotBeHealed() {
    bed = TestBed.create("e2e-unserved");
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
    bed.mount(MOUNT, "cache: {replicas: 0}\nrecovery: {timeout: 10s}");
    bed.pod("app", bed.firstNode(), MOUNT);
    bed.space()
        .apply(
            Workspace.podYaml("kept", bed.firstNode(), MOUNT)
                    .replace("volumeMounts:", "volumeMounts:\n    - " + BELOW)
                + "  - {name: scratch, emptyDir: {}}\n");
    bed.space().awaitRunning("kept");
  }

  @AfterEach
  void removeIt() {
    bed.close();
  }

  @Test
  void isGivenUpAfterItsTimeoutAndHealedWhenItsCachePodIsThere() {
    // given
    bed.space()
        .apply(
            """
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: no-pods}
            spec: {hard: {pods: "0"}}
            """);

    // when
    bed.space().delete("pod", bed.space().cachePods(MOUNT).getFirst().getMetadata().getName());

    // then
    awaitEvent("Pod", "app", "VolumeAborted");
    awaitEvent("OssMount", MOUNT, "VolumeAborted");
    assertThat(bed.space().shell("app", "cat /data/file.txt").succeeded()).isFalse();

    // when
    bed.space().delete("resourcequota", "no-pods");

    // then: the pod that cannot be healed keeps the condition
    awaitEvent("Pod", "app", "VolumeHealed");
    assertThat(bed.space().shell("app", "cat /data/file.txt").orFail()).isEqualTo("content");
    assertThat(
            bed.space()
                .awaitCondition(MOUNT, "VolumesHealthy", "False VolumeAborted", Workspace.PATIENCE))
        .contains("on node " + bed.firstNode(), "given up at ");

    // when
    bed.space().delete("pod", "kept");

    // then
    await("nothing shows the dead mount any more")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(bed.space().condition(MOUNT, "VolumesHealthy")).isEmpty());
    bed.space().awaitReady(MOUNT);
    assertThat(restarts("app")).isEqualTo("0");
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
