package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Cache pod and node plugin are killed at once, under a container that sees a part of the volume by
 * kubelet's own bind.
 */
@Isolated("it kills the plugin of a node")
final class HealedSubPathE2E {
  /**
   * SIGKILL of the node's plugin and of the supervisor, server and spare of the namespace $1; the
   * node has a process table of its own.
   */
  private static final String KILL_BOTH =
      """
      pids=
      for process in /proc/[0-9]*; do
        words=$(tr '\\0' ' ' <"$process/cmdline" 2>/dev/null) || continue
        case $words in
          /opt/java/bin/java\\ *CsiDriverMain\\ node*) ;;
          /opt/java/bin/java\\ *io.ossmount.cache.*)
            tr '\\0' '\\n' <"$process/environ" | grep -qx "OSSMOUNT_POD_NAMESPACE=$1" || continue ;;
          *) continue ;;
        esac
        pids="$pids ${process#/proc/}"
      done
      echo $pids
      kill -KILL $pids
      """;

  private TestBed bed;

  @BeforeEach
  void aPodSeesAPartOfTheVolume() {
    bed = TestBed.create("e2e-healed-sub-path");
    bed.oss().put(bed.bucket(), "part/file.txt", "content".getBytes(UTF_8));
    bed.mount("files", "cache: {replicas: 0}");
    bed.space().apply(Workspace.claimYaml("files"));
    bed.space()
        .apply(
            Workspace.podYaml("app", bed.firstNode(), "files")
                .replace("mountPath: /data}", "mountPath: /data, subPath: part}"));
    bed.space().awaitRunning("app");
  }

  @AfterEach
  void removeIt() {
    bed.close();
  }

  @Test
  void isReadAgainInTheSameContainer() {
    // given
    assertThat(bed.space().shell("app", "cat /data/file.txt").orFail()).isEqualTo("content");
    String container = container();

    // when
    String killed =
        bed.cluster()
            .onNode(bed.firstNode(), "sh", "-c", KILL_BOTH, "sh", bed.space().namespace())
            .orFail();

    // then: the plugin, the supervisor, the server and, if it is there yet, the spare
    assertThat(killed.split(" ")).hasSizeBetween(3, 4);
    await("the pod is told")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() ->
            assertThat(bed.space().events("Pod", "app").toString()).contains("VolumeHealed: "));
    assertThat(bed.space().shell("app", "cat /data/file.txt").orFail()).isEqualTo("content");
    assertThat(container()).isEqualTo(container);
    await("nothing shows the dead mount any more")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(
            () -> assertThat(bed.space().condition("files", "VolumesHealthy")).isEmpty());
    bed.space().awaitReady("files");
  }

  private String container() {
    return bed.space().field("pod", "app", "{.status.containerStatuses[0].containerID}");
  }
}
