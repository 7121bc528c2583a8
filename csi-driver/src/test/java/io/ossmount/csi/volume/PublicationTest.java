package io.ossmount.csi.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class PublicationTest {
  private static final Map<String, String> FILES =
      Map.of(
          "ossmount.io/namespace", "ml",
          "ossmount.io/name", "training-data",
          "ossmount.io/uid", "u-1",
          "ossmount.io/directory", "a/b",
          "csi.storage.k8s.io/pod.name", "worker",
          "csi.storage.k8s.io/ephemeral", "false",
          "storage.kubernetes.io/csiProvisionerIdentity", "1-2-ossmount.io");
  private static final Map<String, String> CACHE =
      Map.of(
          "role", "cache",
          "ossMount", "training-data",
          "csi.storage.k8s.io/ephemeral", "true",
          "csi.storage.k8s.io/pod.name", "training-data-x7k2p",
          "csi.storage.k8s.io/pod.namespace", "ml",
          "csi.storage.k8s.io/pod.uid", "u-2",
          "csi.storage.k8s.io/serviceAccount.name", "default");

  @Test
  void a_persistent_volume_shows_files_of_its_ossmount() {
    var files = (Publication.Files) parse(FILES, "1000", List.of("ro"));

    assertThat(files.mount().label()).isEqualTo("ml/training-data");
    assertThat(files.mount().uid()).contains("u-1");
    assertThat(files.mount().directory().path()).isEqualTo("a/b");
    assertThat(files.readOnly()).isTrue();
    assertThat(files.group()).contains(1000);
  }

  @Test
  void a_volume_written_by_hand_needs_only_namespace_and_name() {
    var files =
        (Publication.Files)
            parse(Map.of("ossmount.io/namespace", "ml", "ossmount.io/name", "x"), "", List.of());

    assertThat(files.mount().uid()).isEmpty();
    assertThat(files.mount().directory()).isEqualTo(Directory.WHOLE);
    assertThat(files.group()).isEmpty();
  }

  @Test
  void an_inline_volume_of_a_cache_pod_is_its_directory() {
    var cache = (Publication.CacheDirectory) parse(CACHE, "65532", List.of());

    assertThat(cache.ossMount()).isEqualTo("training-data");
    assertThat(cache.pod()).isEqualTo(new PodReference("ml", "training-data-x7k2p", "u-2"));
  }

  @Test
  void an_inline_volume_cannot_name_an_ossmount_as_a_persistent_one_does() {
    var context = new HashMap<>(FILES);
    context.put("csi.storage.k8s.io/ephemeral", "true");

    assertThatThrownBy(() -> parse(context, "", List.of()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("generic ephemeral volume");
    context.put("role", "cache");
    assertThatThrownBy(() -> parse(context, "", List.of())).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void a_persistent_volume_cannot_ask_for_a_cache_directory() {
    var context = new HashMap<>(CACHE);
    context.put("csi.storage.k8s.io/ephemeral", "false");

    assertThatThrownBy(() -> parse(context, "", List.of())).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void without_podInfoOnMount_no_one_gets_a_cache_directory() {
    var context = new HashMap<>(CACHE);
    context.remove("csi.storage.k8s.io/pod.uid");

    assertThatThrownBy(() -> parse(context, "", List.of()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("podInfoOnMount");
  }

  @Test
  void an_unknown_attribute_is_named_with_those_that_are_known() {
    var context = new HashMap<>(FILES);
    context.put("directory", "secret");

    assertThatThrownBy(() -> parse(context, "", List.of()))
        .isInstanceOf(InvalidRequest.class)
        .hasMessageContaining("\"directory\"")
        .hasMessageContaining("ossmount.io/directory");
  }

  @Test
  void names_that_kubernetes_would_not_take_are_refused() {
    for (var name : List.of("", "A", "../x", "a/b", "a_b", "-a", "x".repeat(254))) {
      var context = new HashMap<>(FILES);
      context.put("ossmount.io/name", name);
      assertThatThrownBy(() -> parse(context, "", List.of())).isInstanceOf(InvalidRequest.class);
    }
    for (var uid : List.of("", "../..", "a/b", "x".repeat(64))) {
      var context = new HashMap<>(FILES);
      context.put("ossmount.io/uid", uid);
      assertThatThrownBy(() -> parse(context, "", List.of())).isInstanceOf(InvalidRequest.class);
    }
  }

  @Property
  void any_context_is_read_or_refused(@ForAll Map<String, String> noise, @ForAll String group) {
    var context = new HashMap<>(FILES);
    context.putAll(noise);
    try {
      assertThat(parse(context, group, List.of())).isNotNull();
    } catch (InvalidRequest e) {
      assertThat(e.getMessage()).doesNotContain("\n", "\u0000");
    }
  }

  private static Publication parse(
      Map<String, String> context, String group, List<String> options) {
    return Publication.parse(
        new Publication.Request(
            new VolumeId("v"),
            TargetPath.parse("/k/target", Path.of("/k")),
            context,
            false,
            MountOptions.parse(options),
            group));
  }
}
