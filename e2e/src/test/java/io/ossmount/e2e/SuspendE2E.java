package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.PodMetrics;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A suspended OssMount has no cache pods, keeps its cache, and goes on where it was. */
final class SuspendE2E {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SPEC = "cache: {replicas: 1}\nfiles: {uid: 1000, gid: 1000}\n";

  private TestBed bed;

  @BeforeEach
  void aPodReads() {
    bed = TestBed.create("e2e-suspend");
    bed.oss().put(bed.bucket(), "large.bin", new byte[3 << 20]);
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
    bed.mount("files", SPEC);
    bed.pod("app", bed.firstNode(), "files");
    bed.space().shell("app", "cat /data/large.bin > /dev/null").orFail();
  }

  @AfterEach
  void removeIt() {
    bed.close();
  }

  @Test
  void itWaitsForVolumesInUseAndLetsThoseThatComeWait() {
    // when
    suspend(true);

    // then
    String message = bed.space().awaitCondition("files", "Suspended", "False VolumesInUse", SOON);
    assertThat(message).contains(bed.space().field("pvc", "files", "{.spec.volumeName}"));
    assertThat(bed.space().shell("app", "cat /data/file.txt").orFail()).isEqualTo("content");

    // when
    bed.space().delete("pod", "app");

    // then
    bed.space().awaitCondition("files", "Suspended", "True Suspended", Workspace.PATIENCE);
    bed.space().awaitCondition("files", "Ready", "False Suspended", SOON);
    assertThat(bed.space().ossMount("files").getStatus().cachePods()).isEmpty();

    // when
    bed.space().apply(Workspace.podYaml("app", bed.firstNode(), "files"));

    // then
    await("the pod is told why it waits")
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(bed.space().events("Pod", "app"))
                .anyMatch(event -> event.contains("spec.suspend is true")));
    assertThat(bed.space().ossMount("files").getStatus().cachePods()).isEmpty();

    // when
    suspend(false);

    // then
    bed.space().awaitRunning("app");
    bed.space().awaitReady("files");
    assertThat(bed.space().condition("files", "Suspended")).isEmpty();
    await("the cache is as it was")
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(cachedBytes()).isGreaterThanOrEqualTo(3 << 20));
    assertThat(bed.space().shell("app", "cat /data/file.txt").orFail()).isEqualTo("content");
  }

  private void suspend(boolean suspend) {
    bed.space().apply(bed.mountYaml("files", SPEC + "suspend: " + suspend));
  }

  /** What the cache pods of all nodes have, as they say themselves. */
  private double cachedBytes() {
    return bed.space().cachePods("files").stream()
        .mapToDouble(pod -> PodMetrics.of(pod).get("ossmount_cache_used_bytes"))
        .sum();
  }
}
