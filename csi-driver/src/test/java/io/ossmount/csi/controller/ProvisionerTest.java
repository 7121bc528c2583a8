package io.ossmount.csi.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.csi.testing.FakeCluster;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import io.ossmount.csi.volume.VolumeException.NotAllowed;
import io.ossmount.csi.volume.VolumeException.NotFound;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import io.ossmount.csi.volume.VolumeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ProvisionerTest {
  private final FakeCluster cluster = new FakeCluster();
  private final Provisioner provisioner = new Provisioner(cluster);

  @BeforeEach
  void an_ossmount_is_there() {
    cluster.put("ml", "training-data", "u-1", "spec: {bucket: b}");
  }

  @Test
  void a_claim_means_the_ossmount_of_its_own_name() {
    cluster.putClaim("ml", "training-data", Map.of());

    var volume = provisioner.create("pvc-1", claim("ml", "training-data"));

    assertThat(volume.id()).isEqualTo(new VolumeId("u-1.pvc-1"));
    assertThat(volume.context())
        .isEqualTo(
            Map.of(
                "ossmount.io/namespace", "ml",
                "ossmount.io/name", "training-data",
                "ossmount.io/uid", "u-1"));
  }

  @Test
  void annotations_name_another_ossmount_and_a_part_of_it() {
    cluster.putClaim(
        "ml", "data", Map.of("ossmount.io/mount", "training-data", "ossmount.io/directory", "a/b"));

    var volume = provisioner.create("pvc-1", claim("ml", "data"));

    assertThat(volume.context())
        .containsEntry("ossmount.io/name", "training-data")
        .containsEntry("ossmount.io/directory", "a/b");
  }

  @Test
  void modes_are_those_of_the_claim_else_those_of_the_class() {
    cluster.putClaim("ml", "training-data", Map.of("ossmount.io/write-mode", "Async"));
    var parameters = new java.util.HashMap<>(claim("ml", "training-data"));
    parameters.put("readMode", "None");
    parameters.put("writeMode", "Through");

    assertThat(provisioner.create("pvc-1", parameters).context())
        .containsEntry("ossmount.io/read-mode", "None")
        .containsEntry("ossmount.io/write-mode", "Async");
  }

  @Test
  void a_mode_that_is_none_is_refused_with_what_to_write() {
    cluster.putClaim("ml", "training-data", Map.of("ossmount.io/write-mode", "async"));

    assertThatThrownBy(() -> provisioner.create("pvc-1", claim("ml", "training-data")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessage(
            "annotation ossmount.io/write-mode is \"async\"; write Through or Async, or leave it out"
                + " for what the OssMount says");
    assertThatThrownBy(
            () -> provisioner.create("v", Map.of("ossMount", "ml/training-data", "readMode", "x")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("parameter readMode")
        .hasMessageContaining("Cache or None");
  }

  @Test
  void the_same_request_gives_the_same_volume() {
    cluster.putClaim("ml", "training-data", Map.of());

    assertThat(provisioner.create("pvc-1", claim("ml", "training-data")))
        .isEqualTo(provisioner.create("pvc-1", claim("ml", "training-data")));
  }

  @Test
  void a_class_fixes_ossmount_and_directory() {
    cluster.putClaim("ml", "mine", Map.of("ossmount.io/directory", "part"));
    var parameters =
        withClass(
            claim("ml", "mine"), "ml/training-data", "${pvc.namespace}/${pvc.name}/${pv.name}");

    assertThat(provisioner.create("pvc-1", parameters).context())
        .containsEntry("ossmount.io/directory", "ml/mine/pvc-1/part");
  }

  @Test
  void a_class_without_a_claim_is_enough() {
    assertThat(provisioner.create("v", Map.of("ossMount", "ml/training-data")).id().value())
        .isEqualTo("u-1.v");
  }

  @Test
  void a_claim_cannot_leave_the_directory_of_its_class() {
    cluster.putClaim("ml", "mine", Map.of("ossmount.io/directory", "../other"));

    assertThatThrownBy(() ->
            provisioner.create("pvc-1", withClass(claim("ml", "mine"), "ml/training-data", "mine")))
        .isInstanceOf(InvalidRequest.class);
  }

  @Test
  void a_claim_cannot_name_another_ossmount_than_its_class() {
    cluster.putClaim("ml", "mine", Map.of("ossmount.io/mount", "other"));

    assertThatThrownBy(
            () -> provisioner.create("v", withClass(claim("ml", "mine"), "ml/training-data", "d")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("ossmount.io/mount");
  }

  @Test
  void an_annotation_cannot_name_an_ossmount_of_another_namespace() {
    for (var name : List.of("other/training-data", "", "..", "A")) {
      cluster.putClaim("ml", "mine", Map.of("ossmount.io/mount", name));
      assertThatThrownBy(() -> provisioner.create("v", claim("ml", "mine")))
          .isInstanceOfAny(InvalidRequest.class, NotFound.class);
    }
  }

  @Test
  void a_missing_ossmount_or_claim_is_said() {
    cluster.putClaim("ml", "other", Map.of());

    assertThatThrownBy(() -> provisioner.create("v", claim("ml", "other")))
        .isInstanceOf(NotFound.class)
        .hasMessage(
            "there is no OssMount ml/other; make one, or name another in the claim's annotation"
                + " ossmount.io/mount");
    assertThatThrownBy(() -> provisioner.create("v", claim("ml", "gone")))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("PersistentVolumeClaim ml/gone");
  }

  @Test
  void a_class_of_another_namespace_is_refused_unless_allowed() {
    cluster.putClaim("web", "mine", Map.of());
    cluster.putNamespace("web", Map.of("team", "ml"));
    var parameters = withClass(claim("web", "mine"), "ml/training-data", "d");

    assertThatThrownBy(() -> provisioner.create("v", parameters))
        .isInstanceOf(NotAllowed.class)
        .hasMessageContaining("allowedNamespaces");

    allow("{from: All}");
    assertThat(provisioner.create("v", parameters).id().value()).isEqualTo("u-1.v");

    allow("{from: Selector, selector: {matchLabels: {team: ml}}}");
    assertThat(provisioner.create("v", parameters).id().value()).isEqualTo("u-1.v");

    allow("{from: Selector, selector: {matchLabels: {team: web}}}");
    assertThatThrownBy(() -> provisioner.create("v", parameters)).isInstanceOf(NotAllowed.class);
  }

  @Test
  void unknown_parameters_and_placeholders_are_named() {
    assertThatThrownBy(
            () -> provisioner.create("v", Map.of("ossMount", "ml/training-data", "onDelete", "x")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("onDelete")
        .hasMessageContaining("ossMount (NAMESPACE/NAME), directory, readMode");
    assertThatThrownBy(() ->
            provisioner.create("v", Map.of("ossMount", "ml/training-data", "directory", "${node}")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("${node}");
    assertThatThrownBy(() ->
            provisioner.create(
                "v", Map.of("ossMount", "ml/training-data", "directory", "${pvc.name}")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("--extra-create-metadata");
    assertThatThrownBy(() -> provisioner.create("v", Map.of("ossMount", "training-data")))
        .isInstanceOf(InvalidRequest.class);
    assertThatThrownBy(() -> provisioner.create("v", Map.of())).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void neither_a_class_nor_a_claim_resets_an_ossmount() {
    cluster.putClaim("ml", "training-data", Map.of("ossmount.io/reset", "monday"));
    var ofClass = Map.of("ossMount", "ml/training-data", "ossmount.io/reset", "monday");

    assertThatThrownBy(() -> provisioner.create("v", claim("ml", "training-data")))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("take it off the claim, and annotate the OssMount itself");
    assertThatThrownBy(() -> provisioner.create("v", ofClass))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("take it off the class, and annotate the OssMount itself");
  }

  @Test
  void volumes_exist_while_their_ossmount_does() {
    provisioner.requireExisting(new VolumeId("u-1.v"), Map.of());
    provisioner.requireExisting(
        new VolumeId("by-hand"),
        Map.of("ossmount.io/namespace", "ml", "ossmount.io/name", "training-data"));

    assertThatThrownBy(() -> provisioner.requireExisting(new VolumeId("u-2.v"), Map.of()))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> provisioner.requireExisting(new VolumeId("by-hand"), Map.of()))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void an_api_server_that_is_away_is_no_missing_object() {
    cluster.setAway(true);

    assertThatThrownBy(() -> provisioner.create("v", claim("ml", "training-data")))
        .isInstanceOf(Unavailable.class);
  }

  private void allow(String allowedNamespaces) {
    cluster.put(
        "ml",
        "training-data",
        "u-1",
        "spec: {bucket: b, allowedNamespaces: " + allowedNamespaces + "}");
  }

  private static Map<String, String> claim(String namespace, String name) {
    return Map.of(
        "csi.storage.k8s.io/pvc/namespace", namespace,
        "csi.storage.k8s.io/pvc/name", name,
        "csi.storage.k8s.io/pv/name", "pvc-1");
  }

  private static Map<String, String> withClass(
      Map<String, String> claim, String ossMount, String directory) {
    var parameters = new HashMap<>(claim);
    parameters.put("ossMount", ossMount);
    parameters.put("directory", directory);
    return parameters;
  }
}
