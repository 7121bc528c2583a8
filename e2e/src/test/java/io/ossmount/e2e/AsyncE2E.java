package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.ossmount.e2e.cluster.EmulatorPod;
import io.ossmount.e2e.cluster.Workspace;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Write mode Async: what a program has closed reaches OSS, whatever happens to OSS and the pod. */
final class AsyncE2E {
  private static final String MOUNT = "async";

  /** The bucket may have those of earlier runs. */
  private static final String FILE = "f-" + UUID.randomUUID();

  private static TestBed bed;

  @BeforeAll
  static void aPodWrites() {
    bed = TestBed.create("e2e-async");
    bed.mount(
        MOUNT,
        """
        files: {uid: 1000, gid: 1000}
        metadataCache: {attributeTimeout: 10m, listTimeout: 10m, negativeTimeout: 10m}
        timeouts: {connect: 2s, operation: 10s}
        write: {mode: Async}
        """);
    bed.pod("writer", bed.firstNode(), MOUNT);
  }

  @AfterAll
  static void removeIt() {
    bed.close();
  }

  @Test
  @ResourceLock(EmulatorPod.FAULTS)
  void whatWasClosedWhileOssWasAwayReachesItFromTheNextCachePod() {
    // given
    bed.space().shell("writer", "ls /data").orFail();
    bed.oss().fault(bed.bucket(), 503, "ServiceUnavailable");
    try {
      // when
      bed.space()
          .shell("writer", "echo acknowledged > /data/%1$s; cat /data/%1$s".formatted(FILE))
          .orFail();

      // then
      await("the status tells of it")
          .atMost(Workspace.PATIENCE)
          .untilAsserted(() -> {
            String objects = bed.space().field("ossmount", MOUNT, "{.status.pending.objects}");
            assertThat(objects).isEqualTo("1");
          });

      // when
      ObjectMeta before = bed.space().cachePods(MOUNT).getFirst().getMetadata();
      bed.space().delete("pod", before.getName());
      await("another cache pod")
          .atMost(Workspace.PATIENCE)
          .until(() ->
              bed.space().cachePods(MOUNT).stream()
                  .anyMatch(pod -> !pod.getMetadata().getUid().equals(before.getUid())));
    } finally {
      bed.oss().clearFaults();
    }

    // then
    await("the object")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(bed.oss().keys(bed.bucket(), "")).contains(FILE));
    assertThat(new String(bed.oss().get(bed.bucket(), FILE), UTF_8)).isEqualTo("acknowledged\n");
    assertThat(bed.space().shell("writer", "cat /data/" + FILE).orFail()).isEqualTo("acknowledged");
    await("nothing is pending")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(
            () -> assertThat(bed.space().field("ossmount", MOUNT, "{.status.pending}")).isEmpty());
  }
}
