package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What goes goes whole; nodes come back. */
@Isolated("it looks for what is left on the nodes, and reboots one")
final class LifecycleE2E {
  private TestBed bed;

  @BeforeEach
  void aPodReads() {
    bed = TestBed.create("e2e-lifecycle");
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
  void aDeletedPodLeavesNothingOnTheNode() {
    // given
    assertThat(sessionMounts()).isNotEmpty();
    int connections = fuseConnections();

    // when
    bed.space().delete("pod", "app");

    // then
    await("nothing is left")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> {
          assertThat(sessionMounts()).isEmpty();
          // Those that other tests have left may go meanwhile as well.
          assertThat(fuseConnections()).isLessThan(connections);
          assertThat(onNode("ls /var/lib/ossmount/sessions")).isEmpty();
          assertThat(attachments()).isEmpty();
        });
    await("the idle cache pod goes")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(bed.space().cachePods("files")).isEmpty());
  }

  @Test
  void aNodeThatRebootsComesBackByItself() {
    // given
    String node = bed.firstNode();

    // when
    bed.cluster().stopNode(node);
    bed.cluster().startNode(node);

    // then
    await("the pod reads again")
        .atMost(Duration.ofMinutes(4))
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(bed.space().shell("app", "cat /data/file.txt").orFail())
                .isEqualTo("content"));
    bed.space().awaitReady("files");
  }

  private String sessionMounts() {
    return onNode("grep ' /var/lib/ossmount/sessions/' /proc/self/mountinfo || true");
  }

  private int fuseConnections() {
    return Integer.parseInt(onNode("ls /sys/fs/fuse/connections | wc -l"));
  }

  private String attachments() {
    return bed.cluster()
        .kubectl("get", "volumeattachments", "-o", "jsonpath={.items[*].spec.source}")
        .orFail();
  }

  private String onNode(String script) {
    return bed.cluster().onNode(bed.firstNode(), "sh", "-c", script).orFail();
  }
}
