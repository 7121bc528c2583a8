package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.e2e.cluster.Workspace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Parts of an OssMount: by its own directory, by the claim's annotation, by subPath, by
 * hand-written volumes.
 */
@Order(6)
final class DirectoryE2E {
  private static TestBed bed;

  @BeforeAll
  static void anOssMountOfADirectory() {
    bed = TestBed.create("e2e-directory");
    bed.oss().put(bed.bucket(), "outside.txt", "outside".getBytes(UTF_8));
    bed.oss().put(bed.bucket(), "root/top.txt", "top".getBytes(UTF_8));
    bed.oss().put(bed.bucket(), "root/a/a.txt", "a".getBytes(UTF_8));
    bed.oss().put(bed.bucket(), "root/b/b.txt", "b".getBytes(UTF_8));
    bed.mount("files", "directory: root\nfiles: {uid: 1000, gid: 1000}");
    bed.space().awaitReady("files");
  }

  @AfterAll
  static void removeIt() {
    bed.close();
  }

  @Test
  void twoClaimsWithDifferentDirectoriesSeeOnlyTheirs() {
    for (String directory : new String[] {"a", "b"}) {
      // given
      String annotations =
          "ossmount.io/mount: files, ossmount.io/directory: %s".formatted(directory);
      String name = "part-" + directory;

      // when
      bed.space()
          .apply(
              Workspace.claimYaml(name, annotations)
                  + "---\n"
                  + Workspace.podYaml(name, bed.firstNode(), name));
      bed.space().awaitRunning(name);

      // then
      assertThat(bed.space().shell(name, "cd /data && find . -type f").orFail())
          .isEqualTo("./" + directory + ".txt");
      assertThat(bed.space().shell(name, "ls /data/../data/..").orFail()).doesNotContain("top.txt");
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsMadeForTheClaim() {
    // given
    String annotations = "ossmount.io/mount: files, ossmount.io/directory: made/for/me";

    // when
    bed.space()
        .apply(
            Workspace.claimYaml("made", annotations)
                + "---\n"
                + Workspace.podYaml("made", bed.firstNode(), "made"));
    bed.space().awaitRunning("made");
    bed.space().shell("made", "echo x > /data/x").orFail();

    // then
    assertThat(bed.oss().keys(bed.bucket(), "root/made/")).contains("root/made/for/me/x");
  }

  @Test
  void subPathShowsAPartOfTheVolume() {
    bed.space().apply(Workspace.claimYaml("files"));
    bed.space()
        .apply(
            Workspace.podYaml("sub", bed.firstNode(), "files")
                .replace("mountPath: /data}", "mountPath: /data, subPath: a}"));
    bed.space().awaitRunning("sub");
    assertThat(bed.space().shell("sub", "cat /data/a.txt").orFail()).isEqualTo("a");
  }

  @Test
  void aHandWrittenVolumeWorksAndDeletingItKeepsTheObjects() {
    // given
    String uid = bed.space().ossMount("files").getMetadata().getUid();
    bed.cluster()
        .apply(
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: e2e-static}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadOnlyMany]
              persistentVolumeReclaimPolicy: Retain
              storageClassName: ""
              claimRef: {namespace: %1$s, name: static}
              csi:
                driver: ossmount.io
                volumeHandle: e2e-static
                readOnly: true
                volumeAttributes:
                  ossmount.io/namespace: %1$s
                  ossmount.io/name: files
                  ossmount.io/uid: %2$s
                  ossmount.io/directory: b
            """
                .formatted(bed.space().namespace(), uid));
    bed.space()
        .apply(
            Workspace.claimYaml("static")
                .replace("storageClassName: ossmount", "storageClassName: \"\"")
                .replace("ReadWriteMany", "ReadOnlyMany"));

    // when
    bed.space().apply(Workspace.podYaml("static", bed.lastNode(), "static"));
    bed.space().awaitRunning("static");

    // then
    assertThat(bed.space().shell("static", "cat /data/b.txt").orFail()).isEqualTo("b");
    assertThat(bed.space().shell("static", "echo x > /data/b.txt").output())
        .contains("Read-only file system");
    bed.space().delete("pod", "static");
    bed.space().delete("pvc", "static");
    bed.cluster().kubectl("delete", "pv", "e2e-static", "--timeout=60s").orFail();
    assertThat(bed.oss().keys(bed.bucket(), "root/b/")).contains("root/b/b.txt");
  }

  @Test
  void aGenericEphemeralVolumeLivesAsLongAsItsPod() {
    // given
    bed.space()
        .apply(
            Workspace.podYaml("ephemeral", bed.firstNode(), "unused")
                .replace(
                    "persistentVolumeClaim: {claimName: unused}",
                    """
                    ephemeral:
                          volumeClaimTemplate:
                            metadata: {annotations: {ossmount.io/mount: files}}
                            spec:
                              accessModes: [ReadWriteMany]
                              storageClassName: ossmount
                              resources: {requests: {storage: 1Gi}}\
                    """));
    bed.space().awaitRunning("ephemeral");
    assertThat(bed.space().shell("ephemeral", "cat /data/top.txt").orFail()).isEqualTo("top");

    // when
    bed.space().delete("pod", "ephemeral");

    // then
    org.awaitility.Awaitility.await("the claim goes with the pod")
        .atMost(Workspace.PATIENCE)
        .until(() -> !bed.space().kubectl("get", "pvc", "ephemeral-data").succeeded());
  }

  @Test
  void blockModeIsRefusedInWords() {
    // when
    bed.space()
        .apply(
            Workspace.claimYaml("block", "ossmount.io/mount: files")
                .replace("accessModes:", "volumeMode: Block\n  accessModes:"));

    // then
    org.awaitility.Awaitility.await("an event says why")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() ->
            assertThat(bed.space().events("PersistentVolumeClaim", "block").toString())
                .containsIgnoringCase("block"));
    bed.space().delete("pvc", "block");
  }
}
