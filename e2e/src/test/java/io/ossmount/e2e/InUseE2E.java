package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.EmulatorPod;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What is in use stays; keys change under running pods. */
@Order(7)
final class InUseE2E {
  private TestBed bed;

  @BeforeEach
  void aPodReads() {
    bed = TestBed.create("e2e-in-use");
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
    bed.mount("files", "cache: {idleTimeout: 1s, replicas: 0}\nfiles: {uid: 1000, gid: 1000}");
    bed.pod("app", bed.firstNode(), "files");
    assertThat(bed.space().shell("app", "cat /data/file.txt").orFail()).isEqualTo("content");
  }

  @AfterEach
  void removeIt() {
    bed.close();
  }

  @Test
  void anOssMountThatIsUsedIsHeldAndGoesWithItsCacheAfterwards() {
    // given
    String uid = bed.space().ossMount("files").getMetadata().getUid();
    assertThat(cachesOnNode()).contains(uid);

    // when
    bed.space().kubectl("delete", "ossmount", "files", "--wait=false").orFail();

    // then
    String message =
        bed.space()
            .awaitCondition("files", "Ready", "False DeletionBlocked", Duration.ofSeconds(60));
    assertThat(message).contains(bed.space().field("pvc", "files", "{.spec.volumeName}"));
    assertThat(bed.space().shell("app", "cat /data/file.txt").orFail()).isEqualTo("content");

    // when
    bed.space().delete("pod", "app");
    bed.space().delete("pvc", "files");

    // then
    await("the OssMount goes")
        .atMost(Workspace.PATIENCE)
        .until(() -> !bed.space().kubectl("get", "ossmount", "files").succeeded());
    await("its cache goes")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(cachesOnNode()).doesNotContain(uid));
    assertThat(bed.oss().keys(bed.bucket(), "")).contains("file.txt");
  }

  @Test
  void aRotatedKeyReachesRunningMountsWithoutARestart() {
    // given
    EmulatorPod.Key next = bed.oss().newKey(EmulatorPod.Rights.FULL);
    String pod = bed.space().cachePods("files").getFirst().getMetadata().getUid();
    bed.space().secret("oss-credentials", bed.oss().newKey(EmulatorPod.Rights.FULL));

    // when
    bed.space().secret("oss-credentials", next);

    // then
    await("the new key is in use")
        .atMost(Duration.ofSeconds(90))
        // Each look fetches all that the emulator was asked, by other tests as well.
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> {
          bed.space().shell("app", "date +%N > /data/now.txt").orFail();
          assertThat(bed.oss().keysUsed(bed.bucket())).contains(next.id());
        });
    assertThat(bed.space().cachePods("files").getFirst().getMetadata().getUid()).isEqualTo(pod);
  }

  @Test
  void aChangeThatNeedsNewCachePodsWaitsWhileVolumesAreInUse() {
    // given
    String before = bed.space().cachePods("files").getFirst().getMetadata().getUid();

    // when
    bed.space()
        .apply(
            bed.mountYaml(
                "files",
                """
                cache:
                  idleTimeout: 1s
                  replicas: 0
                  imagePullSecrets: [{name: not-needed}]
                files: {uid: 1000, gid: 1000}
                """));

    // then
    await("the update waits")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(bed.space().condition("files", "UpdatePending"))
                .startsWith("True VolumesInUse "));
    assertThat(bed.space().cachePods("files").getFirst().getMetadata().getUid()).isEqualTo(before);

    // when
    bed.space().delete("pod", "app");
    bed.space().apply(Workspace.podYaml("app", bed.lastNode(), "files"));
    bed.space().awaitRunning("app");

    // then
    await("the update is through")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(
            () -> assertThat(bed.space().condition("files", "UpdatePending")).startsWith("False "));
  }

  /** Of all OssMounts, also those of other tests. */
  private String cachesOnNode() {
    return bed.cluster().onNode(bed.firstNode(), "ls", "/var/lib/ossmount/mounts").orFail();
  }
}
