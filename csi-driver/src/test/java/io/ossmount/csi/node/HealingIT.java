package io.ossmount.csi.node;

import static io.ossmount.csi.testing.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.csi.cluster.PodOfNode;
import io.ossmount.csi.testing.CachePodProcess;
import io.ossmount.csi.testing.Container;
import io.ossmount.csi.testing.FakeEvents.Written;
import io.ossmount.fuse.kernel.BindMount;
import io.ossmount.fuse.kernel.MountEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mounts whose every server died are made anew under pods that run: real FUSE mounts, real
 * processes in mount namespaces of their own. Needs root and /dev/fuse.
 */
@Timeout(240)
final class HealingIT {
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private final List<Container> containers = new ArrayList<>();
  private Path root;
  private TestNode node;

  /** As on a node, mounts below kubelet's directory reach those who follow. */
  @BeforeEach
  void a_node_whose_mounts_are_shared() throws Exception {
    root = Files.createDirectory(directory.resolve("root"));
    assertThat(run("mount --bind " + root + " " + root)).isEmpty();
    BindMount.makePrivate(root);
    BindMount.makeShared(root);
    node = new TestNode(root);
    for (var pod : List.of("a", "b")) {
      node.cluster.putPod(new PodOfNode("ml", pod, pod, false));
    }
  }

  @AfterEach
  void nothing_is_left_mounted() throws Exception {
    containers.forEach(Container::close);
    node.close();
    assertThat(BindMount.unmount(root)).isTrue();
  }

  @Test
  void everything_that_showed_the_dead_session_shows_the_new_one_as_before() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    node.publish("b");
    var subPath = subPathOf("a");
    var data = directory("data");
    var part = directory("part");
    var isolated =
        start(
            "private",
            "mount --bind %s %s".formatted(node.target("a"), data),
            "mount -o remount,bind,ro,nosuid,noexec,noatime " + data,
            "mount --bind %s %s".formatted(subPath, part));
    var following = start("slave", "mount --bind %s %s".formatted(node.target("b"), data));
    var host = start("unchanged", "true");
    var before = shapes(isolated, following, host);
    var device = node.sessions().getFirst().device();

    killBoth(pod);
    assertThat(isolated.run("cat " + data + "/about")).contains("not connected");
    long started = System.nanoTime();
    var _ = node.startPod("pod-2", "serve");
    awaitHealed(device, isolated, following, host);
    var took = Duration.ofNanos(System.nanoTime() - started);
    System.out.printf("from the start of a cache pod to healed: %d ms%n", took.toMillis());

    for (var path : List.of(node.target("a"), node.target("b"), subPath)) {
      assertThat(run("cat " + path + "/about")).endsWith("epoch 1");
    }
    for (var path : List.of(data, part, node.target("a"), subPath)) {
      assertThat(isolated.run("cat " + path + "/about")).endsWith("epoch 1");
    }
    assertThat(host.run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
    for (var path : List.of(data, node.target("a"), node.target("b"), subPath)) {
      assertThat(following.run("cat " + path + "/about")).endsWith("epoch 1");
    }
    assertThat(isolated.run("touch " + data + "/new")).contains("Read-only file system");
    assertThat(shapes(isolated, following, host)).isEqualTo(before);
    await()
        .untilAsserted(() -> {
          assertThat(reasons("a")).containsExactly("VolumeHealed");
          assertThat(reasons("b")).containsExactly("VolumeHealed");
        });

    run("umount " + subPath);
    node.unpublish("a");
    node.unpublish("b");
    containers.forEach(Container::close);
    node.assertNothingIsLeft();
  }

  @Test
  void what_is_not_there_any_more_is_told_and_the_rest_is_healed() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    node.publish("b");
    var subPath = subPathOf("a");
    var part = directory("part");
    var container = start("private", "mount --bind %s %s".formatted(subPath, part));
    var device = node.sessions().getFirst().device();

    killBoth(pod);
    var partless = node.startPod("pod-2", "partless");
    await().atMost(LONG).until(() -> reasons("a").contains("VolumeNotHealed"));

    assertThat(node.events.written())
        .filteredOn(Written::warning)
        .allSatisfy(event -> assertThat(event.message()).contains("has no /part any more"));
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
    assertThat(container.run("cat " + node.target("b") + "/about")).endsWith("epoch 1");
    assertThat(container.mountAt(part).device()).isEqualTo(device);
    assertThat(container.run("cat " + part + "/about")).contains("not connected");
    await().untilAsserted(() -> assertThat(reasons("b")).containsOnly("VolumeHealed"));
    assertThat(partless.output()).filteredOn("DEAD_SESSIONS"::equals).hasSize(1);

    // Only the container shows the dead session; the next plugin finds it all the same. The cache
    // pod goes before or after that plugin has heard of it: then its session is dead as well.
    run("umount " + subPath);
    node.restartPlugin();
    partless.kill();
    var last = node.startPod("pod-3", "serve");
    awaitHealed(device, container);
    assertThat(container.run("cat " + part + "/about")).contains("epoch");
    assertThat(last.output()).contains("DEAD_SESSIONS");
  }

  @Test
  void a_plugin_that_ends_meanwhile_leaves_the_rest_to_the_next_one() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    for (var user : List.of("a", "b", "c", "d")) {
      node.publish(user);
    }
    var subPath = subPathOf("a");
    var inContainers =
        List.of(
            start("private", "mount --bind %s %s".formatted(subPath, directory("part"))),
            start("private", "mount --bind %s %s".formatted(subPath, directory("part"))),
            start("slave", "mount --bind %s %s".formatted(node.target("b"), directory("data"))));
    var device = node.sessions().getFirst().device();
    killBoth(pod);
    var _ = node.startPod("pod-2", "serve");

    for (int i = 0; i < 5; i++) {
      Thread.sleep(1_000 + i * 150L);
      node.restartPlugin();
    }

    awaitHealed(device, inContainers.toArray(Container[]::new));
    for (var container : inContainers) {
      assertThat(container.run("cat " + node.target("d") + "/about")).contains("epoch");
      assertThat(container.run("cat " + subPath + "/about")).contains("epoch");
    }
    await().untilAsserted(() -> assertThat(node.sessions()).hasSize(1));
  }

  @Test
  void an_aborted_session_is_healed_while_its_cache_pod_lives() throws Exception {
    var _ = node.startPod("pod-1", "serve");
    node.publish("a");
    node.publish("b");
    var data = directory("data");
    var container = start("private", "mount --bind %s %s".formatted(node.target("b"), data));
    var device = node.sessions().getFirst().device();

    // Which also unmounts it.
    assertThat(run("umount -f " + node.target("a"))).isEmpty();
    awaitHealed(device, container);

    assertThat(container.run("cat " + data + "/about")).endsWith("epoch 1");
    assertThat(run("cat " + node.target("b") + "/about")).endsWith("epoch 1");
    await().untilAsserted(() -> assertThat(node.sessions()).hasSize(1));
  }

  @Test
  void a_mount_below_the_dead_one_is_not_taken_away() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    var data = directory("data");
    var container =
        start(
            "private",
            "mount --bind %s %s".formatted(node.target("a"), data),
            "mount -t tmpfs scratch %s/part".formatted(data),
            "cd %s/part".formatted(data));
    var device = node.sessions().getFirst().device();

    killBoth(pod);
    var _ = node.startPod("pod-2", "serve");
    await().atMost(LONG).until(() -> run("cat " + node.target("a") + "/about").endsWith("epoch 1"));
    Thread.sleep(Duration.ofSeconds(3));

    assertThat(container.mountAt(data).device()).isEqualTo(device);
    assertThat(container.mountAt(data.resolve("part")).type()).isEqualTo("tmpfs");

    // No path leads there any more, but the process is there.
    assertThat(container.run("umount --no-canonicalize --lazy " + container.workingDirectory()))
        .isEmpty();
    awaitHealed(device, container);
    assertThat(container.run("cat " + data + "/about")).endsWith("epoch 1");
  }

  @Test
  void a_dead_session_that_only_a_container_shows_outlives_who_comes_meanwhile() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    var part = directory("part");
    var container = start("private", "mount --bind %s/part %s".formatted(node.target("a"), part));
    var device = node.sessions().getFirst().device();
    killBoth(pod);
    var partless = node.startPod("pod-2", "partless");
    await().atMost(LONG).until(() -> run("cat " + node.target("a") + "/about").endsWith("epoch 1"));

    node.publish("c");
    node.unpublish("c");
    Thread.sleep(Duration.ofSeconds(3));

    assertThat(container.mountAt(part).device()).isEqualTo(device);
    assertThat(node.sessions()).extracting(MountEntry::device).contains(device).hasSize(2);

    partless.kill();
    var _ = node.startPod("pod-3", "serve");
    awaitHealed(device, container);
    assertThat(container.run("cat " + part + "/about")).contains("epoch");
    await().untilAsserted(() -> assertThat(node.sessions()).hasSize(1));
  }

  @Test
  void a_dead_session_that_no_one_shows_any_more_goes() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    killBoth(pod);

    node.unpublish("a");

    await().untilAsserted(() -> node.assertNothingIsLeft());
  }

  private void killBoth(CachePodProcess pod) throws InterruptedException {
    node.stopPlugin();
    pod.kill();
    node.startPlugin();
  }

  private void awaitHealed(String device, Container... shown) {
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(
                    Stream.concat(
                        here().stream(), Stream.of(shown).flatMap(each -> each.mounts().stream())))
                .as("sessions: %s; in containers: %s", node.sessions(), ofSessions(shown))
                .filteredOn(this::isOurs)
                .noneMatch(mount -> mount.device().equals(device)));
  }

  /** The kernel gives numbers of devices again, to mounts of other tests as well. */
  private boolean isOurs(MountEntry mount) {
    return mount.target().startsWith(directory.toString());
  }

  private List<List<MountEntry>> ofSessions(Container... shown) {
    return Stream.of(shown)
        .map(each ->
            each.mounts().stream().filter(mount -> mount.isFuse() && isOurs(mount)).toList())
        .toList();
  }

  private Container start(String propagation, String... mounts) {
    var container = Container.start(propagation, mounts);
    containers.add(container);
    return container;
  }

  /** As kubelet binds it for a container. */
  private Path subPathOf(String pod) throws Exception {
    var path = node.settings().kubeletDir().resolve("pods/" + pod + "/volume-subpaths/pv/main/0");
    Files.createDirectories(path);
    assertThat(run("mount --bind %s/part %s".formatted(node.target(pod), path))).isEmpty();
    return path;
  }

  private Path directory(String name) throws Exception {
    return Files.createDirectories(directory.resolve("in-containers").resolve(name));
  }

  private List<MountEntry> here() {
    return node.fuseMounts();
  }

  private List<String> reasons(String pod) {
    return node.events.written().stream()
        .filter(event -> event.about().name().equals(pod))
        .map(Written::reason)
        .distinct()
        .toList();
  }

  private List<List<String>> shapes(Container... others) {
    return Stream.concat(Stream.of(here()), Stream.of(others).map(Container::mounts))
        .map(this::shape)
        .toList();
  }

  /** What stays the same of the mounts of sessions, but of the sessions' own ones. */
  private List<String> shape(List<MountEntry> mounts) {
    return mounts.stream()
        .filter(MountEntry::isFuse)
        .filter(mount -> mount.target().startsWith(directory.toString()))
        .filter(mount -> !mount.target().contains("/sessions/"))
        .map(mount ->
            String.join(
                " ",
                mount.target(),
                mount.root(),
                mount.options().toString(),
                mount.propagation().stream()
                    .map(word -> word.replaceAll(":.*", ""))
                    .toList()
                    .toString()))
        .sorted()
        .toList();
  }
}
