package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cache pod is deleted while an application reads. */
final class PodDeletionE2E {
  private static final Logger LOG = LoggerFactory.getLogger(PodDeletionE2E.class);

  /** On a machine that does everything at once; on another it is a few seconds. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(45);

  private TestBed bed;

  @BeforeEach
  void aPodReads() {
    bed = TestBed.create("e2e-pod-deletion");
    bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
    bed.mount("files", "cache: {replicas: 0}");
    bed.pod("app", bed.firstNode(), "files");
  }

  @AfterEach
  void removeIt() {
    bed.close();
  }

  @Test
  void whoReadsGoesOn() throws Exception {
    // given
    assertThat(pauseOf()).isLessThan(LONGEST_PAUSE);

    // then
    assertThat(pauseOf("--grace-period=0", "--force")).isLessThan(LONGEST_PAUSE);
  }

  /** The longest pause of a reader while the cache pod is deleted and the next one serves. */
  private Duration pauseOf(String... options) throws Exception {
    String before = cachePod().getMetadata().getName();
    Reader reader = new Reader(bed.space(), "app", "file.txt", "content");
    bed.space()
        .kubectl(
            Stream.concat(Stream.of("delete", "pod", before, "--wait=false"), Stream.of(options))
                .toArray(String[]::new))
        .orFail();
    await("another cache pod serves")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> {
          assertThat(cachePod().getMetadata().getName()).isNotEqualTo(before);
          assertThat(bed.space().condition("files", "Ready")).startsWith("True ");
        });
    Reader.Result result = reader.stop();
    LOG.info("kubectl delete pod {}: {}", String.join(" ", options), result);
    assertThat(result.wrong()).isZero();
    assertThat(result.reads()).isPositive();
    return result.longest();
  }

  private Pod cachePod() {
    var pods = bed.space().cachePods("files");
    assertThat(pods).hasSize(1);
    return pods.getFirst();
  }
}
