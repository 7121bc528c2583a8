package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a pod writes is an object, and the other pods see it. */
final class WriteE2E {
  private static final Duration NEGATIVE_TIMEOUT = Duration.ofSeconds(5);

  /** The bucket may have those of earlier runs. */
  private static final String LATE = "late-" + UUID.randomUUID();

  private static TestBed bed;

  @BeforeAll
  static void twoPodsOnTwoNodesShareAnOssMount() {
    bed = TestBed.create("e2e-write");
    bed.mount(
        "files",
        """
        metadataCache: {attributeTimeout: 5s, listTimeout: 5s, negativeTimeout: 5s}
        files: {uid: 1000, gid: 1000}
        """);
    bed.pods("files", Map.of("writer", bed.firstNode(), "reader", bed.lastNode()));
  }

  @AfterAll
  static void removeThem() {
    bed.close();
  }

  @Test
  void aFileWrittenInOnePodIsAnObjectWithTheSameBytes() {
    // when
    String sum =
        bed.space()
            .shell("writer", "head -c 9000000 /dev/urandom > /data/a.bin; sha256sum < /data/a.bin")
            .orFail();

    // then
    assertThat(sum).startsWith(Bytes.sha256(bed.oss().get(bed.bucket(), "a.bin")));
  }

  @Test
  void aPodThatFoundNothingSeesTheFileWithinTheDocumentedTimeWithoutARemount() {
    // given
    assertThat(bed.space().shell("reader", "ls /data; cat /data/" + LATE).succeeded()).isFalse();

    // when
    bed.space().shell("writer", "echo here > /data/" + LATE).orFail();

    // then
    await("the other pod sees the file")
        .atMost(NEGATIVE_TIMEOUT.plusSeconds(25))
        .untilAsserted(() ->
            assertThat(bed.space().shell("reader", "cat /data/" + LATE).output().strip())
                .isEqualTo("here"));
    assertThat(bed.space().shell("reader", "ls /data").orFail()).contains(LATE);
  }

  @Test
  void appendOverwriteRenameAndRemoveReachTheBucket() {
    bed.space()
        .shell(
            "writer",
            """
            set -e; cd /data; mkdir -p d/e
            printf 'hello ' > d/x; printf 'world' >> d/x
            printf 'J' | dd of=d/x bs=1 conv=notrunc 2>/dev/null
            mv d/x d/e/y; echo gone > d/z; rm d/z
            """)
        .orFail();
    assertThat(new String(bed.oss().get(bed.bucket(), "d/e/y"), UTF_8)).isEqualTo("Jello world");
    assertThat(bed.oss().keys(bed.bucket(), "d/")).contains("d/e/y").doesNotContain("d/x", "d/z");
  }

  @Test
  void podsOfTwoGroupsOnOneNodeEachWriteWithTheirOwn() {
    // given
    for (String group : new String[] {"2001", "2002"}) {
      bed.space()
          .apply(
              Workspace.podYaml("group-" + group, bed.firstNode(), "files", "fsGroup: " + group));
    }

    for (String group : new String[] {"2001", "2002"}) {
      String pod = "group-" + group;
      bed.space().awaitRunning(pod);

      // when
      bed.space().shell(pod, "echo mine > /data/by-" + group).orFail();

      // then
      assertThat(bed.space().shell(pod, "stat -c %g /data/by-" + group).orFail()).isEqualTo(group);
      assertThat(bed.oss().keys(bed.bucket(), "by-")).contains("by-" + group);
    }
  }
}
