package io.ossmount.csi.node;

import static io.ossmount.csi.testing.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.csi.volume.VolumeException.NotAllowed;
import io.ossmount.csi.volume.VolumeException.NotFound;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.proto.session.v1.Hello;
import io.ossmount.proto.session.v1.PodFrame;
import io.ossmount.proto.session.v1.Serving;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The inline volume of cache pods and what a pod can do with it. Needs root and /dev/fuse. */
@Timeout(120)
final class CacheDirectoriesIT {
  private static final String STATUS =
      """
      spec: {bucket: b}
      status:
        cachePods:
        - {node: other, name: data-other, uid: p-0}
        - {node: node-1, name: data-x7k2p, uid: p-1}
      """;

  @TempDir private Path directory;
  private TestNode node;

  @BeforeEach
  void a_node() throws Exception {
    node = new TestNode(directory);
    node.cluster.put("ml", "data", TestNode.UID, STATUS);
  }

  @AfterEach
  void nothing_is_left_mounted() throws Exception {
    node.close();
  }

  @Test
  void the_cache_pod_gets_its_directory_and_its_user_may_use_it() throws Exception {
    node.publish(node.cacheDirectory("data-x7k2p", "p-1"), TestNode.LONG);
    node.publish(node.cacheDirectory("data-x7k2p", "p-1"), TestNode.LONG);

    var target = node.target("data-x7k2p");
    assertThat(node.mounts())
        .singleElement()
        .satisfies(
            mount -> assertThat(mount.options()).contains("rw", "nosuid", "nodev", "noexec"));
    assertThat(run("stat -c '%n %U %a' " + target + "/* | sed 's|.*/||'"))
        .isEqualTo("cache UNKNOWN 700\nplugin.sock UNKNOWN 600\ntmp UNKNOWN 700");
    assertThat(run("stat -c '%u %a' " + target)).isEqualTo("0 755");

    node.unpublish("data-x7k2p");
    assertThat(node.mounts()).isEmpty();
    assertThat(node.directories().of(TestNode.UID).resolve("cache")).isDirectory();
  }

  @Test
  void the_caches_may_have_a_disk_of_their_own() throws Exception {
    var own = node.directories().of(TestNode.UID);
    run("mkdir -p %1$s && mount -t tmpfs caches %1$s".formatted(own.getParent()));
    try {
      node.publish(node.cacheDirectory("data-x7k2p", "p-1"), TestNode.LONG);
      node.publish(node.cacheDirectory("data-x7k2p", "p-1"), TestNode.LONG);

      node.cluster.remove("ml", "data");
      Thread.sleep(3_000);
      assertThat(own.resolve("cache")).as("its pod is still there").isDirectory();
      node.unpublish("data-x7k2p");
    } finally {
      run("umount --lazy " + own.getParent());
    }
  }

  @Test
  void no_other_pod_gets_it() throws Exception {
    for (var other :
        List.of(
            node.cacheDirectory("data-x7k2p", "p-2"),
            node.cacheDirectory("someone", "p-1"),
            node.cacheDirectory("data-other", "p-0"))) {
      assertThatThrownBy(() -> node.publish(other, TestNode.LONG))
          .isInstanceOf(NotAllowed.class)
          .hasMessageContaining("is not the cache pod");
    }
    assertThat(node.mounts()).isEmpty();
  }

  @Test
  void a_pod_that_the_operator_has_not_listed_yet_is_told_to_come_again() {
    node.cluster.put("ml", "data", TestNode.UID, "spec: {bucket: b}");

    assertThatThrownBy(() -> node.publish(node.cacheDirectory("data-x7k2p", "p-1"), TestNode.LONG))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("does not name pod ml/data-x7k2p yet");
  }

  @Test
  void without_an_answer_of_the_api_server_no_one_gets_it() {
    node.cluster.setAway(true);
    assertThatThrownBy(() -> node.publish(node.cacheDirectory("data-x7k2p", "p-1"), TestNode.LONG))
        .isInstanceOf(Unavailable.class);

    node.cluster.setAway(false);
    node.cluster.remove("ml", "data");
    assertThatThrownBy(() -> node.publish(node.cacheDirectory("data-x7k2p", "p-1"), TestNode.LONG))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void the_directory_of_a_deleted_ossmount_goes_when_its_pod_is_gone_and_no_link_is_followed()
      throws Exception {
    node.publish(node.cacheDirectory("data-x7k2p", "p-1"), TestNode.LONG);
    var outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "data");
    var own = node.directories().of(TestNode.UID);
    Files.createSymbolicLink(own.resolve("cache/link"), outside);
    Files.createDirectories(own.resolve("cache/a/b/c"));
    Files.writeString(own.resolve("cache/a/b/c/block"), "bytes");

    node.cluster.remove("ml", "data");
    Thread.sleep(3_000);
    assertThat(own.resolve("cache/a/b/c/block")).as("its pod is still there").exists();

    node.unpublish("data-x7k2p");
    await().until(() -> !Files.exists(own));
    assertThat(outside.resolve("precious")).exists();
  }

  @Test
  void an_api_server_that_is_away_removes_nothing() throws Exception {
    node.cluster.setAway(true);
    node.restartPlugin();
    Thread.sleep(1_000);

    assertThat(node.directories().of(TestNode.UID)).isDirectory();
  }

  @Test
  void frames_that_make_no_sense_end_their_connection_and_nothing_else() throws Exception {
    var socket = node.directories().socket(TestNode.UID);
    var serving =
        PodFrame.newBuilder().setServing(Serving.newBuilder().setSession("../../etc")).build();
    var promising =
        PodFrame.newBuilder().setHello(Hello.newBuilder().addSessions("s-without-fds")).build();
    var random = new Random(1);
    var noise = new byte[4_000];
    random.nextBytes(noise);

    for (var payload :
        List.of(noise, new byte[0], serving.toByteArray(), promising.toByteArray())) {
      try (var connection = UnixConnection.connect(socket)) {
        connection.send(payload);
        assertThat(connection.receive()).isEmpty();
      }
    }
    assertThat(run("printf '\\377\\377\\377\\377' | timeout 5 nc -N -U " + socket)).isNotNull();

    var _ = node.startPod("pod-1", "serve");
    node.publish("a");
    assertThat(run("cat " + node.target("a") + "/about")).endsWith("epoch 1");
  }

  @Test
  void a_pod_cannot_claim_sessions_that_are_not_its_own() throws Exception {
    try (var connection = UnixConnection.connect(node.directories().socket(TestNode.UID))) {
      var hello = PodFrame.newBuilder().setHello(Hello.getDefaultInstance()).build();
      connection.send(hello.toByteArray());
      for (var name : List.of("", "../x", "s-unknown")) {
        var claim = PodFrame.newBuilder().setServing(Serving.newBuilder().setSession(name)).build();
        connection.send(claim.toByteArray());
      }
      assertThatThrownBy(() ->
              node.publish(node.publication("a", "", List.of()), java.time.Duration.ofSeconds(1)))
          .isInstanceOf(Unavailable.class);
    }
    node.assertNothingIsLeft();
  }
}
