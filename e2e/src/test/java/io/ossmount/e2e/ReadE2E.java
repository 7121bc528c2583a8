package io.ossmount.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From {@code kubectl apply -f ossmount.yaml} to bytes in a pod. */
final class ReadE2E {
  private static final int MEBIBYTE = 1 << 20;

  private static TestBed bed;

  @BeforeAll
  static void anOssMountIsApplied() {
    bed = TestBed.create("e2e-read");
    bed.mount("files", "cache: {size: 1Gi}");
  }

  @AfterAll
  static void removeIt() {
    bed.close();
  }

  @Test
  void aPodOnEachNodeReadsALargeObjectWithTheRightBytesAndTheColumnsFollow() {
    // given
    byte[] bytes = Bytes.random(64 * MEBIBYTE, 1);
    bed.oss().put(bed.bucket(), "images/large.bin", bytes);
    bed.space().awaitReady("files");

    // when
    bed.pods("files", Map.of("first", bed.firstNode(), "last", bed.lastNode()));

    // then
    for (String pod : new String[] {"first", "last"}) {
      String sum = bed.space().shell(pod, "sha256sum < /data/images/large.bin").orFail();
      assertThat(sum).startsWith(Bytes.sha256(bytes));
    }
    await("Cached shows what was read")
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(cachedBytes()).isGreaterThanOrEqualTo(128L * MEBIBYTE));
    assertThat(bed.space().field("ossmount", "files", "{.status.nodesReady}")).isEqualTo("2/2");
    assertThat(bed.space().field("ossmount", "files", "{.status.volumes}")).isEqualTo("1");
  }

  @Test
  void theTableShowsTheOssMountAtAGlance() {
    bed.space().awaitReady("files");
    String[] lines = bed.space().kubectl("get", "ossmounts").orFail().split("\n", -1);
    assertThat(lines[0].split(" +"))
        .containsExactly(
            "NAME", "BUCKET", "DIRECTORY", "READY", "REASON", "NODES", "CACHED", "AGE");
    assertThat(lines[1]).contains("files", bed.bucket(), "True", "Serving");
    assertThat(bed.space().kubectl("get", "om", "-o", "wide").orFail())
        .contains("ENDPOINT", "VOLUMES", "SECRET", bed.oss().endpoint(), "oss-credentials");
  }

  @Test
  void aKilledCachePodLowersNodesAndComesBack() {
    // given
    bed.space().awaitReady("files");
    var pod = bed.space().cachePods("files").getFirst();
    int all = bed.space().cachePods("files").size();

    // when
    bed.space().kubectl("delete", "pod", pod.getMetadata().getName(), "--wait=false").orFail();

    // then
    await("Nodes falls, or has fallen and risen between two looks")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .until(() ->
            nodesReady().equals((all - 1) + "/" + all)
                || !podsInStatus().contains(pod.getMetadata().getName()));
    await("Nodes rises")
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(nodesReady()).isEqualTo(all + "/" + all));
  }

  @Test
  void explainTellsWhatEachFieldIs() {
    String text = bed.space().kubectl("explain", "ossmount.spec", "--recursive=false").orFail();
    assertThat(text).contains("bucket", "directory", "endpoint", "secretRef", "cache");
    assertThat(text.lines().filter(line -> line.contains("<no description>"))).isEmpty();
  }

  private static String nodesReady() {
    return bed.space().field("ossmount", "files", "{.status.nodesReady}");
  }

  private static List<String> podsInStatus() {
    return bed.space().ossMount("files").getStatus().cachePods().stream()
        .map(pod -> pod.name())
        .toList();
  }

  private static long cachedBytes() {
    String used = bed.space().field("ossmount", "files", "{.status.cache.used}");
    return used.isEmpty() ? 0 : Quantity.getAmountInBytes(new Quantity(used)).longValue();
  }
}
