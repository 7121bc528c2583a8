package io.ossmount.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Workspace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A claim says for itself how its volume is read and written. */
final class ModesE2E {
  private static final int MEBIBYTE = 1 << 20;

  private static TestBed bed;

  @BeforeAll
  static void anOssMount() {
    bed = TestBed.create("e2e-modes");
    bed.oss().put(bed.bucket(), "large", Bytes.random(32 * MEBIBYTE, 1));
    bed.mount("files", "files: {uid: 1000, gid: 1000}");
  }

  @AfterAll
  static void removeIt() {
    bed.close();
  }

  @Test
  void whatAClaimReadsWithoutCachingStaysOnNoDisk() {
    // given
    bed.space()
        .apply(
            Workspace.claimYaml(
                    "uncached",
                    "ossmount.io/mount: files, ossmount.io/read-mode: None,"
                        + " ossmount.io/write-mode: Async")
                + "---\n"
                + Workspace.podYaml("uncached", bed.firstNode(), "uncached"));
    bed.space().awaitRunning("uncached");

    // then
    String volume = bed.space().field("pvc", "uncached", "{.spec.volumeName}");
    String context =
        bed.cluster()
            .kubectl("get", "pv", volume, "-o", "jsonpath={.spec.csi.volumeAttributes}")
            .orFail();
    assertThat(context)
        .contains("\"ossmount.io/read-mode\":\"None\"", "\"ossmount.io/write-mode\":\"Async\"");

    // when
    assertThat(bed.space().shell("uncached", "sha256sum < /data/large").orFail())
        .startsWith(Bytes.sha256(Bytes.random(32 * MEBIBYTE, 1)));
    bed.space().shell("uncached", "echo written > /data/small").orFail();

    // then
    await("nothing is on the disk")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(bed.cacheMebibytes("files")).isLessThan(8));
    await("the object")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() -> assertThat(bed.oss().keys(bed.bucket(), "")).contains("small"));
  }

  @Test
  void aModeThatIsNoneIsRefusedWithWhatToWrite() {
    // when
    bed.space()
        .apply(
            Workspace.claimYaml(
                "wrong", "ossmount.io/mount: files, ossmount.io/write-mode: async"));

    // then
    await("an Event on the claim")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() ->
            assertThat(bed.space().events("PersistentVolumeClaim", "wrong").toString())
                .contains("write Through or Async"));
  }
}
