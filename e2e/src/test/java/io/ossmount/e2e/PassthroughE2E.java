package io.ossmount.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.ossmount.e2e.cluster.PodMetrics;
import io.ossmount.e2e.cluster.Workspace;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that a pod has read before is read by the kernel itself, from the cache's disk. Needs
 * Linux 6.9.
 */
final class PassthroughE2E {
  private static final Logger LOG = LoggerFactory.getLogger(PassthroughE2E.class);
  private static final int BYTES = 64 << 20;
  private static final int RUNS = 5;
  private static final int READS = 30;
  private static final double CLOCK_SECONDS = 0.01;
  private static final String FILE = "/data/large.bin";
  private static final String LOCAL_FILE = "/local/large.bin";

  /** On the disk of the node's caches. */
  private static final String LOCAL = "/var/lib/ossmount/e2e-passthrough";

  private static TestBed bed;

  @BeforeAll
  static void anOssMountIsApplied() {
    bed = TestBed.create("e2e-passthrough");
    bed.mount("files", "cache: {size: 1Gi}");
    bed.cluster().onNode(bed.firstNode(), "mkdir", "-p", "-m", "777", LOCAL).orFail();
  }

  @AfterAll
  static void removeIt() {
    bed.close();
    bed.cluster().onNode(bed.firstNode(), "rm", "-r", LOCAL).orFail();
  }

  @Test
  void aWarmFileIsReadInPassthroughInsideAPod() {
    // given
    byte[] bytes = Bytes.random(BYTES, 9);
    bed.oss().put(bed.bucket(), "large.bin", bytes);
    startReader();
    assertThat(sum(FILE)).isEqualTo(Bytes.sha256(bytes));
    shell("cp " + FILE + " " + LOCAL_FILE);
    await("all of it is in the cache and looked at")
        .atMost(Workspace.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> {
          shell("cat " + FILE + " > /dev/null");
          assertThat(passthroughOpens(metrics())).isPositive();
        });
    PodMetrics before = metrics();

    // when
    String sum = sum(FILE);

    // then
    PodMetrics after = metrics();
    assertThat(sum).isEqualTo(Bytes.sha256(bytes));
    assertThat(passthroughOpens(after)).isEqualTo(passthroughOpens(before) + 1);
    assertThat(reads(after)).as("READs that came to the cache pod").isEqualTo(reads(before));
    assertThat(after.get("ossmount_sessions{passthrough=\"available\"}")).isEqualTo(1);

    compareWithTheLocalDisk();
    assertThat(reads(metrics())).isEqualTo(reads(before));
  }

  /** A hostPath is not for the restricted pod security standard. */
  private static void startReader() {
    bed.cluster()
        .kubectl(
            "label",
            "--overwrite",
            "namespace",
            bed.space().namespace(),
            "pod-security.kubernetes.io/enforce=privileged")
        .orFail();
    String pod =
        Workspace.podYaml("reader", bed.firstNode(), "files")
            .replace(
                "    - {name: data, mountPath: /data}\n",
                "    - {name: data, mountPath: /data}\n    - {name: local, mountPath: /local}\n");
    bed.space()
        .apply(
            Workspace.claimYaml("files")
                + "---\n"
                + pod
                + "  - name: local\n    hostPath: {path: %s, type: Directory}\n".formatted(LOCAL));
    bed.space().awaitRunning("reader");
  }

  /** Of both the machine has the pages in memory: told, never judged. */
  private static void compareWithTheLocalDisk() {
    double[] mounted = new double[RUNS];
    double[] local = new double[RUNS];
    for (int run = 0; run < RUNS; run++) {
      mounted[run] = rate(FILE);
      local[run] = rate(LOCAL_FILE);
    }
    double ours = median(mounted);
    double disk = median(local);
    LOG.info(
        "warm read of 64 MiB in a pod, pages kept, median of {}: {} MiB/s, hostPath {} MiB/s,"
            + " ratio {}",
        RUNS,
        Math.round(ours),
        Math.round(disk),
        "%.2f".formatted(ours / disk));
  }

  /** MiB/s of several reads in a row: the clock has only hundredths of a second. */
  private static double rate(String file) {
    String script =
        """
        read began _ < /proc/uptime
        for i in $(seq %d); do dd if=%s of=/dev/null bs=1M 2> /dev/null; done
        read ended _ < /proc/uptime
        echo $began $ended
        """
            .formatted(READS, file);
    String[] times = shell(script).split(" ", 2);
    double seconds = Double.parseDouble(times[1]) - Double.parseDouble(times[0]);
    return (double) READS * BYTES / (1 << 20) / Math.max(seconds, CLOCK_SECONDS);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String sum(String file) {
    return shell("sha256sum < " + file).split(" ", 2)[0];
  }

  private static String shell(String script) {
    return bed.space().shell("reader", script).orFail();
  }

  private static PodMetrics metrics() {
    Pod serving =
        bed.space().cachePods("files").stream()
            .filter(pod -> bed.firstNode().equals(pod.getSpec().getNodeName()))
            .findFirst()
            .orElseThrow();
    return PodMetrics.of(serving);
  }

  private static double passthroughOpens(PodMetrics metrics) {
    return metrics.get("ossmount_opens_total{mode=\"passthrough\"}");
  }

  private static double reads(PodMetrics metrics) {
    return metrics.get("ossmount_fuse_request_seconds_count{opcode=\"READ\"}");
  }
}
