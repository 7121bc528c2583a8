package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.Workspace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A class of the user's own names an OssMount of another namespace: refused unless that OssMount
 * allows it.
 */
final class NamespacesE2E {
  private static TestBed owner;
  private static Workspace guest;

  @BeforeAll
  static void aClassThatNamesAnotherNamespacesMount() {
    owner = TestBed.create("e2e-owner");
    owner.oss().put(owner.bucket(), "shared.txt", "shared".getBytes(UTF_8));
    owner.mount("files", "");
    owner.space().awaitReady("files");
    guest = Workspace.create(owner.cluster(), "e2e-guest");
    owner
        .cluster()
        .apply(
            """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: e2e-shared}
            provisioner: ossmount.io
            parameters:
              ossMount: e2e-owner/files
              directory: "claims/${pvc.namespace}/${pvc.name}"
            """);
  }

  @AfterAll
  static void removeThem() {
    guest.close();
    owner.close();
    owner.cluster().kubectl("delete", "storageclass", "e2e-shared");
  }

  @Test
  void theClaimIsRefusedInWordsUntilTheNamespaceIsAllowed() {
    // when
    guest.apply(
        Workspace.claimYaml("data")
            .replace("storageClassName: ossmount", "storageClassName: e2e-shared"));

    // then
    await("an event says what to do")
        .atMost(Workspace.PATIENCE)
        .untilAsserted(() ->
            assertThat(guest.events("PersistentVolumeClaim", "data").toString())
                .contains("allowedNamespaces"));

    // when
    owner
        .space()
        .apply(
            owner.mountYaml(
                "files",
                """
                allowedNamespaces:
                  from: Selector
                  selector: {matchLabels: {kubernetes.io/metadata.name: e2e-guest}}
                """));
    guest.apply(Workspace.podYaml("app", owner.firstNode(), "data"));

    // then
    guest.awaitRunning("app");
    assertThat(guest.shell("app", "ls /data").orFail()).isEmpty();
    assertThat(guest.field("pvc", "data", "{.status.phase}")).isEqualTo("Bound");
  }
}
