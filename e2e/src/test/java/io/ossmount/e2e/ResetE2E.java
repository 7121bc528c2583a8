package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Command;
import io.ossmount.e2e.cluster.Workspace;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is cached goes when the OssMount is annotated, under applications that go on. */
final class ResetE2E {
  private static final Duration SOON = Duration.ofSeconds(60);

  private TestBed bed;

  @BeforeEach
  void aPodReads() {
    bed = TestBed.create("e2e-reset");
    bed.oss().put(bed.bucket(), "open.txt", "open".getBytes(UTF_8));
    bed.oss().put(bed.bucket(), "large.bin", new byte[3 << 20]);
    bed.mount("files", "cache: {replicas: 0}\nfiles: {uid: 1000, gid: 1000}");
    bed.pod("app", bed.firstNode(), "files");
    bed.space().shell("app", "cat /data/open.txt /data/large.bin > /dev/null").orFail();
  }

  @AfterEach
  void removeIt() {
    bed.close();
  }

  @Test
  void anAnnotationDropsWhatIsCachedAndNothingElse() {
    // given
    bed.space()
        .shell(
            "app",
            """
            (exec 3< /data/open.txt 4> /data/dirty.txt
             printf 'not yet ' >&4
             until [ -e /dev/shm/go ]; do sleep 0.1; done
             cat <&3 > /dev/shm/read; printf 'uploaded' >&4; exec 4>&-; touch /dev/shm/done
            ) > /dev/null 2>&1 &
            sleep 1
            """)
        .orFail();

    // when
    annotate("monday").orFail();

    // then
    String message = bed.space().awaitCondition("files", "ResetPending", "False ResetDone", SOON);
    assertThat(message).endsWith("dropped on 1 node");
    var reset = Objects.requireNonNull(bed.space().ossMount("files").getStatus().reset());
    assertThat(reset.value()).isEqualTo("monday");
    assertThat(reset.nodesDone()).isEqualTo("1/1");
    long dropped = Objects.requireNonNull(reset.droppedBytes()).getNumericalAmount().longValue();
    assertThat(dropped).isGreaterThanOrEqualTo(3 << 20);
    await("an Event on the OssMount")
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(bed.space().events("OssMount", "files"))
                .anyMatch(event -> event.startsWith("ResetDone: reset monday: ")));

    // when
    bed.space().shell("app", "touch /dev/shm/go").orFail();

    // then
    await("the files were open all the time")
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(bed.space().shell("app", "ls /dev/shm").output()).contains("done");
          assertThat(bed.oss().keys(bed.bucket(), "")).contains("dirty.txt", "large.bin");
        });
    assertThat(bed.space().shell("app", "cat /dev/shm/read").orFail()).isEqualTo("open");
    assertThat(new String(bed.oss().get(bed.bucket(), "dirty.txt"), UTF_8))
        .isEqualTo("not yet uploaded");
    assertThat(bed.space().shell("app", "wc -c < /data/large.bin").orFail().strip())
        .isEqualTo(String.valueOf(3 << 20));
  }

  @Test
  void whatIsNotAllowedToResetDoesNot() {
    // when
    annotate("x".repeat(64)).orFail();
    bed.space()
        .apply(Workspace.claimYaml("other", "ossmount.io/mount: files, ossmount.io/reset: x"));

    // then
    bed.space().awaitCondition("files", "ResetPending", "False ResetInvalid", SOON);
    await("the claim is refused")
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(bed.space().events("PersistentVolumeClaim", "other"))
                .anyMatch(event -> event.contains("annotate the OssMount itself")));
    assertThat(bed.space().ossMount("files").getStatus().reset()).isNull();
  }

  private Command.Result annotate(String value) {
    return bed.space()
        .kubectl("annotate", "ossmount", "files", "--overwrite", "ossmount.io/reset=" + value);
  }
}
