package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Installation;
import io.ossmount.e2e.cluster.Workspace;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** {@code helm uninstall} refuses while volumes are in use, and otherwise leaves nothing. */
@Order(Integer.MAX_VALUE)
@Isolated("nothing works without OssMount")
final class UninstallE2E {
  @Test
  void helmUninstallNamesTheVolumesInUseAndOtherwiseLeavesNothing() {
    try (TestBed bed = TestBed.create("e2e-uninstall")) {
      // given: nothing of make demo, whose volumes would keep OssMount as well
      bed.cluster().kubectl("delete", "namespace", "demo", "--ignore-not-found").orFail();
      bed.oss().put(bed.bucket(), "file.txt", "content".getBytes(UTF_8));
      bed.mount("files", "");
      bed.pod("app", bed.firstNode(), "files");
      String volume = bed.space().field("pvc", "files", "{.spec.volumeName}");

      // when
      var refused = Installation.uninstall(bed.cluster());

      // then
      assertThat(refused.succeeded()).isFalse();
      assertThat(Installation.whyUninstallWasRefused(bed.cluster())).contains(volume);
      assertThat(bed.space().shell("app", "cat /data/file.txt").orFail()).isEqualTo("content");

      // given
      bed.space().delete("pod", "app");
      bed.space().delete("pvc", "files");
      await("the volume goes")
          .atMost(Workspace.PATIENCE)
          .until(() -> !bed.cluster().kubectl("get", "pv", volume).succeeded());

      // when
      Installation.uninstall(bed.cluster()).orFail();

      // then
      for (String node : bed.cluster().nodes()) {
        String left =
            bed.cluster()
                .onNode(
                    node,
                    "sh",
                    "-c",
                    "grep /var/lib/ossmount/ /proc/self/mountinfo; "
                        + "ls /var/lib/ossmount/mounts /var/lib/ossmount/sessions 2>/dev/null | grep -v :")
                .output();
        assertThat(left).isBlank();
      }
      assertThat(bed.space().kubectl("get", "ossmounts").output()).contains("No resources found");
    }
  }
}
