package io.ossmount.csi.node;

import static io.ossmount.csi.testing.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.csi.testing.OpenFile;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stays when processes die. Real FUSE mounts, real processes. Needs root and /dev/fuse. */
@Timeout(240)
final class SurvivalIT {
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
  void a_killed_cache_pod_is_replaced_and_the_reader_sees_a_pause() throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    var mounts = node.fuseMounts();
    first.kill();

    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var reading = executor.submit(() -> run("cat " + node.target("a") + "/about"));
      var _ = node.startPod("pod-2", "serve");

      assertThat(reading.get(60, TimeUnit.SECONDS)).endsWith("epoch 2");
    }
    assertThat(node.fuseMounts()).isEqualTo(mounts);
    node.unpublish("a");
    node.assertNothingIsLeft();
  }

  @Test
  void the_next_cache_pod_is_asked_at_once_when_the_last_process_is_dead() throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    var second = node.startPod("pod-2", "serve");
    await().until(() -> second.output().contains("hello with 0"));

    long killed = System.nanoTime();
    first.kill();
    await().pollInterval(Duration.ofMillis(1)).until(() -> second.output().contains("SERVE"));

    var pause = Duration.ofNanos(System.nanoTime() - killed);
    System.out.printf("from SIGKILL to Serve: %d ms%n", pause.toMillis());
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 2");
  }

  @Test
  void a_server_that_stands_still_is_killed_and_the_reader_sees_a_pause() throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    var second = node.startPod("pod-2", "serve");
    await().until(() -> second.output().contains("hello with 0"));
    long stopped = System.nanoTime();
    first.stop();

    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 2");

    var pause = Duration.ofNanos(System.nanoTime() - stopped);
    System.out.printf("from SIGSTOP to an answer: %d ms%n", pause.toMillis());
    await().until(() -> !first.isAlive());
    assertThat(pause).isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void a_server_that_is_to_end_is_let_go_at_once_and_the_next_one_goes_on() throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    var second = node.startPod("pod-2", "serve");
    await().until(() -> second.output().contains("hello with 0"));

    first.terminate();

    await().until(() -> second.output().contains("SERVE"));
    assertThat(first.output()).containsExactly("hello with 0", "SERVE", "RELEASE");
    await().until(() -> !first.isAlive());
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 2");
  }

  @Test
  void an_old_server_that_knows_no_ping_is_left_alone() throws Exception {
    var first = node.startPod("pod-1", "old");
    node.publish("a");

    Thread.sleep(Duration.ofSeconds(10));

    assertThat(first.isAlive()).isTrue();
    assertThat(first.output()).containsExactly("hello with 0", "SERVE");
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
  }

  @Test
  void a_session_without_a_server_can_be_unpublished() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    pod.kill();

    node.unpublish("a");

    node.assertNothingIsLeft();
  }

  @Test
  void the_next_cache_pod_waits_until_the_last_one_is_gone() throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    var second = node.startPod("pod-2", "serve");
    await().until(() -> !second.output().isEmpty());

    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
    assertThat(second.output()).containsExactly("hello with 0");

    first.kill();
    await().until(() -> second.output().contains("SERVE"));
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 2");
  }

  @Test
  void a_restarted_plugin_knows_everything_again() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    node.publish(node.publication("b", "1000", List.of("ro")), TestNode.LONG);
    var mounts = node.fuseMounts();
    long held = fuseDescriptors();

    node.restartPlugin();

    assertThat(node.fuseMounts()).isEqualTo(mounts);
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
    await().until(() -> pod.output().contains("hello with 2"));
    await().untilAsserted(() -> assertThat(fuseDescriptors()).isEqualTo(held));
    node.publish("a");
    node.publish("c");
    assertThat(node.sessions()).hasSize(2);
    assertThat(run("cat " + node.target("c") + "/about")).endsWith("epoch 1");
    for (var user : List.of("a", "b", "c")) {
      node.unpublish(user);
    }
    node.assertNothingIsLeft();
  }

  /** Those that this process, in which the plugin runs, has open. */
  private static long fuseDescriptors() throws IOException {
    long count = 0;
    try (var open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : open) {
        try {
          count += Files.readSymbolicLink(descriptor).equals(Path.of("/dev/fuse")) ? 1 : 0;
        } catch (NoSuchFileException closed) {
          // It was that of the listing, or of another thread.
        }
      }
    }
    return count;
  }

  @Test
  void a_restarted_plugin_hands_over_to_the_next_cache_pod() throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    node.restartPlugin();
    await().until(() -> first.output().contains("hello with 1"));

    first.kill();
    var _ = node.startPod("pod-2", "serve");

    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 2");
  }

  @Test
  void a_volume_is_unpublished_by_a_plugin_that_no_cache_pod_has_found_yet() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    node.stopPlugin();
    pod.stop();
    node.startPlugin();

    node.unpublish("a");

    node.assertNothingIsLeft();
  }

  @Test
  void when_both_die_new_pods_get_a_new_session_and_the_dead_one_can_be_unpublished()
      throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    node.stopPlugin();
    first.kill();
    node.startPlugin();
    assertThat(run("cat " + node.target("a") + "/about"))
        .contains("Transport endpoint is not connected");

    var _ = node.startPod("pod-2", "serve");
    node.publish("b");

    assertThat(run("cat " + node.target("b") + "/about")).endsWith("epoch 1");
    node.publish("a");
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
    await().untilAsserted(() -> assertThat(node.sessions()).hasSize(1));
    node.unpublish("a");
    node.unpublish("b");
    node.assertNothingIsLeft();
  }

  @Test
  void a_session_that_someone_unmounted_by_force_is_made_anew() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish("a");
    assertThat(run("umount -f -l " + node.target("a"))).isEmpty();
    assertThat(run("umount -f -l " + node.sessions().getFirst().target())).isEmpty();

    node.publish("a");

    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
  }

  @Test
  void an_aborted_session_is_made_anew() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    assertThat(run("umount -f " + node.target("a"))).isEmpty();
    assertThat(run("cat " + node.sessions().getFirst().target() + "/about"))
        .contains("Transport endpoint is not connected");

    await()
        .untilAsserted(() -> {
          node.publish("a");
          assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
        });
    assertThat(pod.output()).contains("SERVE");
  }

  @Test
  void what_an_earlier_run_left_behind_goes() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish("a");
    assertThat(run("umount -l " + node.target("a"))).isEmpty();
    var sessions = node.settings().cacheDir().resolve("sessions");
    Files.createDirectory(sessions.resolve("s-of-the-last-boot"));
    Files.writeString(sessions.resolve("s-of-the-last-boot.properties"), "volume=v");
    Files.writeString(sessions.resolve("s-half-written.new"), "vol");

    node.restartPlugin();

    node.assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u00", "volume=u-1.pvc-1\nossMountUid=u-", "", "none"})
  void a_session_whose_file_is_damaged_is_known_again_when_its_server_says_what_it_is_for(
      String content) throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish(node.publication("a", "1000", List.of("umask=0027")), TestNode.LONG);
    var mounts = node.fuseMounts();
    var file = fileOfTheSession();
    var whole = properties(file);
    node.stopPlugin();
    damage(file, content);
    try (var reader = new OpenFile(node.target("a") + "/about")) {
      node.startPlugin();
      await().until(() -> first.output().contains("hello with 1"));
      await().untilAsserted(() -> assertThat(node.counts().served()).isEqualTo(1));
      assertThat(properties(file)).isEqualTo(whole);

      first.kill();
      var _ = node.startPod("pod-2", "serve");

      assertThat(reader.rest()).endsWith("epoch 2");
    }
    assertThat(node.fuseMounts()).isEqualTo(mounts);
    node.publish(node.publication("b", "1000", List.of("umask=0027")), TestNode.LONG);
    assertThat(node.sessions()).hasSize(1);
    node.unpublish("a");
    node.unpublish("b");
    node.assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"volume=u-1.pvc-1\nossMountUid=u-", "none"})
  void a_session_whose_file_is_damaged_goes_on_with_an_old_server_and_new_pods_get_a_new_one(
      String content) throws Exception {
    var pod = node.startPod("pod-1", "old");
    node.publish("a");
    damage(fileOfTheSession(), content);

    node.restartPlugin();
    await().until(() -> pod.output().contains("hello with 1"));
    node.publish("b");
    assertThat(run("cat " + node.target("b") + "/about")).endsWith("epoch 1");
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
    assertThat(node.sessions()).hasSize(2);
    assertThat(pod.output()).doesNotContain("FORGET");
    node.unpublish("a");
    node.unpublish("b");
    node.restartPlugin();

    node.assertNothingIsLeft();
  }

  private Path fileOfTheSession() {
    var name = Path.of(node.sessions().getFirst().target()).getFileName();
    return node.settings().cacheDir().resolve("sessions").resolve(name + ".properties");
  }

  private static void damage(Path file, String content) throws IOException {
    if (content.equals("none")) {
      Files.delete(file);
    } else {
      Files.writeString(file, content);
    }
  }

  private static Properties properties(Path file) throws IOException {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }

  @Test
  void a_bind_that_was_not_given_its_options_gets_them_with_the_next_call() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish(node.publication("a", "", List.of("ro", "noexec")), TestNode.LONG);
    var target = node.target("a");
    assertThat(run("mount -o remount,bind,rw,exec " + target)).isEmpty();

    node.publish(node.publication("a", "", List.of("ro", "noexec")), TestNode.LONG);

    assertThat(node.fuseMounts())
        .filteredOn(mount -> mount.target().equals(target.toString()))
        .singleElement()
        .satisfies(mount ->
            assertThat(mount.options()).contains("ro", "noexec", "nosuid", "nodev", "noatime"));
  }

  @Test
  void kubelets_retry_finds_the_session_that_another_pod_waits_for() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var patient =
          executor.submit(() -> {
            node.publish("patient");
            return node.sessions().size();
          });
      await().until(() -> node.sessions().size() == 1);
      var sessions = node.sessions();

      assertThatThrownBy(() ->
              node.publish(node.publication("impatient", "", List.of()), Duration.ofSeconds(3)))
          .isInstanceOf(Unavailable.class);

      assertThat(node.sessions()).isEqualTo(sessions);
      var _ = node.startPod("pod-1", "serve");
      assertThat(patient.get(60, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }
}
