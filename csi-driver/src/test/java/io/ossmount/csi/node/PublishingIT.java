package io.ossmount.csi.node;

import static io.ossmount.csi.testing.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.csi.volume.VolumeException.NotFound;
import io.ossmount.csi.volume.VolumeException.PublishedOtherwise;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real FUSE mounts, a real cache pod process. Needs root and /dev/fuse. */
@Timeout(240)
final class PublishingIT {
  @TempDir private Path directory;
  private TestNode node;

  @BeforeEach
  void a_node() throws Exception {
    node = new TestNode(directory);
  }

  @AfterEach
  void nothing_is_left_mounted() throws Exception {
    node.close();
  }

  @Test
  void files_appear_at_the_target_and_disappear_without_a_trace() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish(
        node.publication("a", Map.of("ossmount.io/directory", "x/y"), "", List.of()),
        TestNode.LONG);

    assertThat(run("cat " + node.target("a") + "/about"))
        .isEqualTo("volume " + TestNode.VOLUME + " directory x/y epoch 1");
    assertThat(node.sessions()).hasSize(1);

    node.unpublish("a");
    node.assertNothingIsLeft();
    assertThat(Files.exists(node.target("a").path())).isFalse();
    assertThat(pod.output()).containsExactly("hello with 0", "SERVE", "FORGET");
  }

  @Test
  void asking_again_changes_nothing() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish("a");
    var before = node.fuseMounts();

    node.publish("a");
    assertThat(node.fuseMounts()).isEqualTo(before);

    node.unpublish("a");
    node.unpublish("a");
    node.unpublish("never-published");
    node.assertNothingIsLeft();
  }

  @Test
  void pods_share_a_session_that_ends_with_the_last_of_them() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish("a");
    node.publish("b");
    assertThat(node.sessions()).hasSize(1);
    assertThat(node.fuseMounts()).hasSize(3);

    node.unpublish("a");
    assertThat(run("cat " + node.target("b") + "/about")).contains("epoch 1");

    node.unpublish("b");
    node.assertNothingIsLeft();
  }

  @Test
  void two_groups_on_one_node_each_get_theirs() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish(node.publication("a", "1000", List.of("gid=5", "uid=7")), TestNode.LONG);
    node.publish(node.publication("b", "2000", List.of("gid=5", "uid=7")), TestNode.LONG);
    node.publish(node.publication("c", "", List.of("gid=5", "uid=7")), TestNode.LONG);

    assertThat(node.sessions()).hasSize(3);
    assertThat(run("stat -c %u:%g " + node.target("a") + "/about")).isEqualTo("7:1000");
    assertThat(run("stat -c %u:%g " + node.target("b") + "/about")).isEqualTo("7:2000");
    assertThat(run("stat -c %u:%g " + node.target("c") + "/about")).isEqualTo("7:5");

    for (var pod : List.of("a", "b", "c")) {
      node.unpublish(pod);
    }
    node.assertNothingIsLeft();
  }

  @Test
  void read_only_and_noexec_hold() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish(node.publication("a", "", List.of("ro", "noexec")), TestNode.LONG);

    assertThat(run("touch " + node.target("a") + "/new")).contains("Read-only file system");
    assertThat(node.fuseMounts()).allSatisfy(mount -> assertThat(mount.isReadOnly()).isTrue());
    assertThat(node.fuseMounts())
        .filteredOn(mount -> mount.target().endsWith("/mount"))
        .singleElement()
        .satisfies(
            mount -> assertThat(mount.options()).contains("noexec", "nosuid", "nodev", "noatime"));
  }

  @Test
  void a_read_only_ossmount_has_read_only_volumes() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.cluster.put("ml", "data", TestNode.UID, "spec: {bucket: b, readOnly: true}");
    node.publish("a");

    assertThat(run("touch " + node.target("a") + "/new")).contains("Read-only file system");
  }

  @Test
  void an_ossmount_that_became_read_only_does_not_disturb_what_is_published() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish("a");
    var before = node.fuseMounts();
    node.cluster.put("ml", "data", TestNode.UID, "spec: {bucket: b, readOnly: true}");

    node.publish("a");

    assertThat(node.fuseMounts()).isEqualTo(before);
    node.publish("b");
    assertThat(node.sessions()).hasSize(2);
    node.cluster.put("ml", "data", TestNode.UID, "spec: {bucket: b}");
    node.publish("b");
    assertThat(node.sessions()).hasSize(2);
  }

  @Test
  void the_same_target_in_another_way_is_refused() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish("a");

    assertThatThrownBy(() -> node.publish(node.publication("a", "", List.of("ro")), TestNode.LONG))
        .isInstanceOf(PublishedOtherwise.class);
    assertThatThrownBy(() -> node.publish(node.publication("a", "1000", List.of()), TestNode.LONG))
        .isInstanceOf(PublishedOtherwise.class);
    assertThat(node.sessions()).hasSize(1);
  }

  @Test
  void many_calls_at_once_make_one_session_and_end_it() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    List<Callable<Void>> publications = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      var pod = "pod-" + i % 8;
      publications.add(() -> {
        node.publish(pod);
        return null;
      });
    }
    all(publications);
    assertThat(node.sessions()).hasSize(1);
    assertThat(node.fuseMounts()).hasSize(9);

    List<Callable<Void>> mixed = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      var pod = "pod-" + i % 8;
      mixed.add(() -> {
        node.unpublish(pod);
        return null;
      });
    }
    all(mixed);
    node.assertNothingIsLeft();
  }

  @Test
  void the_cache_pods_own_reason_is_said_and_nothing_is_left() throws Exception {
    var pod = node.startPod("pod-1", "refuse");
    await().until(() -> pod.output().contains("hello with 0"));

    assertThatThrownBy(
            () -> node.publish(node.publication("a", "", List.of()), Duration.ofSeconds(10)))
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "OssMount ml/data: AccessDenied: the key may not list the bucket (cache pod"
                + " ml/pod-1)");
    node.assertNothingIsLeft();
  }

  @Test
  void a_silent_cache_pod_is_named() {
    var pod = node.startPod("pod-1", "silent");
    await().until(() -> pod.output().contains("hello with 0"));

    assertThatThrownBy(
            () -> node.publish(node.publication("a", "", List.of()), Duration.ofSeconds(10)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("ml/pod-1 has not answered yet");
    node.assertNothingIsLeft();
  }

  @Test
  void without_a_cache_pod_the_ossmounts_condition_is_said() {
    node.cluster.put(
        "ml",
        "data",
        TestNode.UID,
        """
        spec: {bucket: b}
        status:
          conditions:
          - {type: Ready, status: "False", reason: SecretKeyMissing, message: no accessKeyId}
        """);

    assertThatThrownBy(
            () -> node.publish(node.publication("a", "", List.of()), Duration.ofSeconds(1)))
        .isInstanceOf(Unavailable.class)
        .hasMessage(
            "OssMount ml/data has no cache pod on this node yet; it is not ready:"
                + " SecretKeyMissing: no accessKeyId");
    node.assertNothingIsLeft();
  }

  @Test
  void a_cache_pod_that_comes_late_is_waited_for() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> publishing =
          executor.submit(() -> {
            node.publish("a");
            return null;
          });
      await().until(() -> node.sessions().size() == 1);
      var _ = node.startPod("pod-1", "serve");
      publishing.get();
    }
    assertThat(run("cat " + node.target("a") + "/about")).contains("epoch 1");
  }

  @Test
  void an_ossmount_that_was_made_anew_is_not_taken_for_the_old_one() {
    node.cluster.put("ml", "data", "u-2", "spec: {bucket: other}");

    assertThatThrownBy(() -> node.publish("a"))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("make the claim anew");
  }

  @Test
  void mounts_are_made_while_the_api_server_is_away() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.cluster.setAway(true);

    node.publish("a");

    assertThat(run("cat " + node.target("a") + "/about")).contains("epoch 1");
  }

  @Test
  void a_stopped_cache_pod_does_not_hold_up_unpublishing() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    pod.stop();

    node.unpublish("a");

    node.assertNothingIsLeft();
  }

  private static void all(List<Callable<Void>> calls) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call : executor.invokeAll(calls)) {
        call.get();
      }
    }
  }
}
