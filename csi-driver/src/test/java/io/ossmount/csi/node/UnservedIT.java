package io.ossmount.csi.node;

import static io.ossmount.csi.testing.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.csi.cluster.PodOfNode;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A volume whose cache pod was killed and that no other one serves. Real FUSE mounts, real
 * processes. Needs root and /dev/fuse.
 */
@Timeout(240)
final class UnservedIT {
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
  void what_kubelet_asks_of_a_mount_is_answered_without_a_cache_pod() throws Exception {
    var pod = node.startPod("pod-1", "serve");
    node.publish(node.publication("a", "1000", List.of()), TestNode.LONG);
    awaitFirstAnswer("a");
    pod.kill();

    assertThat(run("timeout 20 stat --cached=never -c '%a %F %g' " + node.target("a")))
        .isEqualTo("755 directory 1000");
    assertThat(run("timeout 20 stat -f -c %l " + node.target("a"))).isEqualTo("255");
    node.unpublish("a");
    node.assertNothingIsLeft();
  }

  @Test
  void who_waits_can_be_killed_and_who_goes_on_waiting_is_served_by_the_next_one()
      throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    awaitFirstAnswer("a");
    first.kill();

    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var reading = executor.submit(() -> run("cat " + node.target("a") + "/about"));
      var victim = new ProcessBuilder("cat", node.target("a") + "/another").start();
      // The end of an earlier file may be kept as well.
      await().until(() -> node.counts().standIn().kept() >= 2);
      victim.destroyForcibly();
      assertThat(victim.waitFor(20, TimeUnit.SECONDS)).as("dies").isTrue();
      assertThat(reading.isDone()).isFalse();
      var _ = node.startPod("pod-2", "serve");

      assertThat(reading.get(60, TimeUnit.SECONDS)).endsWith("epoch 2");
    }
  }

  @Test
  void a_plugin_that_is_to_end_waits_for_the_next_pod_of_a_mount_that_it_has_alone()
      throws Exception {
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    awaitFirstAnswer("a");
    first.kill();

    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var reading = executor.submit(() -> run("cat " + node.target("a") + "/about"));
      var ending =
          executor.submit(() -> {
            node.endPlugin(TestNode.LONG);
            return true;
          });
      await().until(() -> node.counts().standIn().kept() >= 1);
      TimeUnit.SECONDS.sleep(1);
      assertThat(ending.isDone()).isFalse();
      assertThat(run("timeout 20 stat --cached=never -c %F " + node.target("a")))
          .as("stands in")
          .isEqualTo("directory");
      var _ = node.startPod("pod-2", "serve");

      assertThat(reading.get(60, TimeUnit.SECONDS)).endsWith("epoch 2");
      assertThat(ending.get(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(run("cat " + node.target("a") + "/about")).as("without it").endsWith("epoch 2");
    node.startPlugin();
    node.publish("b");
    assertThat(run("cat " + node.target("b") + "/about")).endsWith("epoch 2");
  }

  /**
   * A pod says that it serves before the kernel has asked for INIT, without which nobody stands in.
   */
  private void awaitFirstAnswer(String pod) throws Exception {
    assertThat(run("cat " + node.target(pod) + "/about")).isNotEmpty();
  }

  private void put(String timeout) {
    node.cluster.put(
        "ml", "data", TestNode.UID, "spec: {bucket: b, recovery: {timeout: " + timeout + "}}");
    node.cluster.putPod(new PodOfNode("ml", "app-a", "a", false));
  }

  private List<String> reasons() {
    return node.events.written().stream()
        .map(event -> event.about().label() + " " + event.reason())
        .toList();
  }

  @Test
  void after_the_timeout_who_waits_gets_an_error_and_the_session_can_be_made_anew()
      throws Exception {
    put("4s");
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    var mounts = node.fuseMounts();
    long killed = System.nanoTime();
    first.kill();

    assertThat(run("timeout 30 cat " + node.target("a") + "/about"))
        .containsAnyOf("connection abort", "not connected");

    assertThat(Duration.ofNanos(System.nanoTime() - killed))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    assertThat(node.fuseMounts()).as("what is to be healed can be found").isEqualTo(mounts);
    assertThat(node.counts().aborted()).isEqualTo(1);
    await()
        .untilAsserted(() ->
            assertThat(reasons())
                .containsExactly("Pod ml/app-a VolumeAborted", "OssMount ml/data VolumeAborted"));
    assertThat(node.events.written()).allSatisfy(event -> assertThat(event.warning()).isTrue());
    var _ = node.startPod("pod-2", "serve");
    node.publish("a");
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
  }

  @Test
  void what_could_not_be_aborted_is_aborted_later() throws Exception {
    put("3s");
    var aborts = new AtomicInteger();
    node.restartPluginWith(
        kernelBut(
            "abort",
            () -> {
              if (aborts.getAndIncrement() == 0) {
                throw new NodeFault("the kernel does not answer");
              }
            }));
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    pod.kill();

    await().atMost(Duration.ofSeconds(60)).until(() -> aborts.get() == 2);
    assertThat(run("timeout 30 cat " + node.target("a") + "/about"))
        .containsAnyOf("connection abort", "not connected");
    await().until(() -> reasons().size() == 2);
    TimeUnit.SECONDS.sleep(3);
    assertThat(aborts).as("no more than needed").hasValue(2);
  }

  /** A kernel to which this happens before each call of this name. */
  private Mounter kernelBut(String call, Runnable happens) {
    return (Mounter)
        Proxy.newProxyInstance(
            Mounter.class.getClassLoader(),
            new Class<?>[] {Mounter.class},
            (_, method, arguments) -> {
              if (method.getName().equals(call)) {
                happens.run();
              }
              try {
                return method.invoke(node.kernel(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void one_look_that_a_machine_had_no_memory_for_is_not_the_last() throws Exception {
    put("3s");
    var looks = new AtomicInteger();
    node.restartPluginWith(
        kernelBut(
            "mounts",
            () -> {
              if (Thread.currentThread().getName().equals("aborts")
                  && looks.getAndIncrement() == 0) {
                throw new OutOfMemoryError("unable to create native thread");
              }
            }));
    var pod = node.startPod("pod-1", "serve");
    node.publish("a");
    pod.kill();

    await().atMost(Duration.ofSeconds(30)).until(() -> node.counts().aborted() == 1);
    assertThat(looks).hasValueGreaterThan(1);
  }

  @Test
  void the_next_pod_is_told_what_was_given_up_and_that_it_is_healed() throws Exception {
    put("3s");
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    first.kill();
    await().atMost(Duration.ofSeconds(15)).until(() -> node.counts().aborted() == 1);

    var next = node.startPod("pod-2", "serve");

    await()
        .atMost(TestNode.LONG)
        .untilAsserted(
            () -> assertThat(next.output()).filteredOn("DEAD_SESSIONS"::equals).hasSize(2));
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
  }

  @Test
  void a_plugin_that_was_restarted_says_of_it_that_it_was_given_up() throws Exception {
    put("3s");
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    first.kill();
    var name = Path.of(node.sessions().getFirst().target()).getFileName();
    var file = node.settings().cacheDir().resolve("sessions").resolve(name + ".properties");
    await().atMost(TestNode.LONG).until(() -> Files.readString(file).contains("aborted="));

    node.restartPlugin();
    var next = node.startPod("pod-2", "serve");

    await()
        .atMost(TestNode.LONG)
        .untilAsserted(() -> assertThat(next.output()).contains("dead: Aborted"));
    await()
        .atMost(TestNode.LONG)
        .untilAsserted(
            () -> assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1"));
  }

  @Test
  void a_pod_that_cannot_serve_does_not_keep_who_waits() throws Exception {
    put("4s");
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    var second = node.startPod("pod-2", "refuse");
    await().until(() -> second.output().contains("hello with 0"));
    first.kill();

    assertThat(run("timeout 30 cat " + node.target("a") + "/about"))
        .containsAnyOf("connection abort", "not connected");

    await().until(() -> second.output().contains("FORGET"));
  }

  @Test
  void when_all_who_use_it_are_to_end_it_does_not_wait_for_the_timeout() throws Exception {
    put("1h");
    node.cluster.putPod(new PodOfNode("ml", "app-b", "b", false));
    var first = node.startPod("pod-1", "serve");
    node.publish("a");
    node.publish("b");
    first.kill();
    node.cluster.putPod(new PodOfNode("ml", "app-a", "a", true));
    Thread.sleep(AbortRule.LEAST.plusSeconds(3));
    assertThat(node.counts().aborted()).as("b goes on").isZero();

    node.cluster.putPod(new PodOfNode("ml", "app-b", "b", true));

    await().atMost(Duration.ofSeconds(15)).until(() -> node.counts().aborted() == 1);
    assertThat(run("timeout 5 cat " + node.target("a") + "/about")).contains("not connected");
  }
}
