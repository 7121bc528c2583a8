package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A volume whose connection was aborted, in a pod where it cannot be healed: something else is
 * mounted below it.
 */
final class BrokenVolumeE2E {
  private static final String MOUNT = "files";
  private static final String BELOW = "{name: scratch, mountPath: /data/scratch}";

  private TestBed bed;

  @BeforeEach
  void aPodWithAMountBelowTheVolume() {
    bed = TestBed.create("e2e-broken-volume");
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
    bed.mount(MOUNT, "");
    bed.space().apply(Workspace.claimYaml(MOUNT));
    bed.space()
        .apply(
            Workspace.podYaml("app", bed.firstNode(), MOUNT)
                    .replace("volumeMounts:", "volumeMounts:\n    - " + BELOW)
                + "  - {name: scratch, emptyDir: {}}\n");
    bed.space().awaitRunning("app");
  }

  @AfterEach
  void removeIt() {
    bed.close();
  }

  @Test
  void isAConditionUntilThePodIsMadeAnew() {
    // given
    assertThat(bed.space().condition(MOUNT, "VolumesHealthy")).isEmpty();

    // when
    abort();

    // then
    assertThat(
            bed.space()
                .awaitCondition(
                    MOUNT, "VolumesHealthy", "False VolumeDisconnected", Workspace.PATIENCE))
        .contains("on node " + bed.firstNode(), "VolumeNotHealed");
    assertThat(bed.space().shell("app", "cat /data/file.txt").succeeded()).isFalse();
    assertThat(bed.space().condition(MOUNT, "Ready")).startsWith("True ");
    await("an Event names the pod")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() ->
            assertThat(bed.space().events("Pod", "app").toString()).contains("VolumeNotHealed"));

    // when
    bed.space().delete("pod", "app");

    // then
    await("nothing shows the dead mount any more")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(bed.space().condition(MOUNT, "VolumesHealthy")).isEmpty());
  }

  /** Ends the connection. Whether the node's own mount goes with it does not matter. */
  private void abort() {
    var uid = bed.space().field("pod", "app", "{.metadata.uid}");
    var target = "/var/lib/kubelet/pods/%s/volumes/kubernetes.io~csi/*/mount".formatted(uid);
    var _ = bed.cluster().onNode(bed.firstNode(), "sh", "-c", "umount -f " + target);
  }
}
