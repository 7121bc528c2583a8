package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.fdstore.Descriptors;
import io.ossmount.csi.fdstore.FakePod;
import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.fdstore.SessionInfo;
import io.ossmount.csi.heal.MountNamespaces;
import io.ossmount.csi.testing.FakeCluster;
import io.ossmount.csi.testing.FakeEvents;
import io.ossmount.csi.testing.FakeMounter;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.MountOptions;
import io.ossmount.csi.volume.Publication;
import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeId;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.proto.session.v1.Serve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A restarted plugin, and a session in use whose file is gone. Mounts in memory. */
@Timeout(60)
final class UnknownSessionIT {
  private static final VolumeId VOLUME = new VolumeId("u-1.v");

  @TempDir private Path directory;
  private final FakeCluster cluster = new FakeCluster();
  private final FakeMounter mounter = new FakeMounter(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final FdStore store = new FdStore();
  private final FakePod pod = new FakePod(store, "u-1", 2);
  private NodeSettings settings;
  private SessionFiles files;
  private SessionInfo info;
  private Serve told;

  @BeforeEach
  void a_session_of_an_earlier_plugin_without_its_file() throws Exception {
    settings = new NodeSettings("node-1", directory.resolve("kubelet"), directory.resolve("c"), 0);
    files = new SessionFiles(settings.cacheDir());
    Files.createDirectories(settings.kubeletDir());
    cluster.put("ml", "data", "u-1", "spec: {bucket: b}");
    var earlier = new FdStore();
    try (var plugin = plugin(earlier)) {
      var server = new FakePod(earlier, "u-1", 1).thatServes(threads);
      server.connect();
      publish(plugin, "a");
      publish(plugin, "b");
      told = server.lastServe();
      info = earlier.ofVolume(VOLUME).getFirst().info();
    }
    Files.delete(file());
    new Recovery(mounter, files, store, new MountNamespaces()).run();
    assertThat(store.ofVolume(VOLUME)).isEmpty();
  }

  @AfterEach
  void close() {
    threads.close();
    store.close();
  }

  @Test
  void its_server_says_what_it_is_for_and_its_file_is_written_anew() throws Exception {
    pod.connect(info.name(), descriptors(), told.getOptions());

    assertThat(store.ofVolume(VOLUME))
        .singleElement()
        .satisfies(session -> {
          assertThat(session.info()).isEqualTo(info);
          assertThat(session.device()).isEqualTo(device("a"));
        });
    assertThat(files.read(info.name())).contains(info);
    var next = new FakePod(store, "u-1", 3);
    next.connect();
    pod.die();
    assertThat(next.received()).containsExactly("serve " + info.name());
    assertThat(next.lastServe().getOptions()).isEqualTo(told.getOptions());
  }

  @Test
  void what_it_cannot_be_for_is_not_believed() throws Exception {
    pod.connect(
        info.name(), descriptors(), told.getOptions().toBuilder().setDirectory("x").build());
    new FakePod(store, "u-2", 3).connect(info.name(), descriptors(), told.getOptions());

    assertIsLeftAlone();
  }

  @Test
  void it_goes_on_when_its_file_cannot_be_written() throws Exception {
    Files.createDirectory(file());

    pod.connect(info.name(), descriptors(), told.getOptions());

    assertThat(store.ofVolume(VOLUME)).hasSize(1);
  }

  @Test
  void one_that_was_unpublished_meanwhile_may_be_used_by_containers_and_is_left_alone()
      throws Exception {
    try (var plugin = plugin(store)) {
      plugin.unpublish(VOLUME, target("a"), within());
      plugin.unpublish(VOLUME, target("b"), within());

      pod.connect(info.name(), descriptors(), told.getOptions());

      assertIsLeftAlone();
    }
  }

  @Test
  void one_whose_mount_was_replaced_may_be_used_by_containers_and_is_left_alone() throws Exception {
    try (var plugin = plugin(store)) {
      new FakePod(store, "u-1", 3).thatServes(threads).connect();
      var before = device("b");
      publish(plugin, "a");
      assertThat(device("a")).isNotEqualTo(before);

      pod.connect(info.name(), descriptors(), told.getOptions());

      assertThat(device("b")).isEqualTo(before);
      assertThat(store.ofVolume(VOLUME)).hasSize(1).extracting(s -> s.info()).isNotEqualTo(info);
      assertThat(pod.received()).isEmpty();
    }
  }

  private void assertIsLeftAlone() {
    assertThat(store.ofVolume(VOLUME)).isEmpty();
    assertThat(file()).doesNotExist();
    assertThat(pod.received()).isEmpty();
  }

  private Path file() {
    return files.root().resolve(info.name() + ".properties");
  }

  private static Descriptors descriptors() throws IOException {
    return new Descriptors(SessionMemory.create(), SessionMemory.create());
  }

  private KubeletVolumes plugin(FdStore itsStore) {
    return new KubeletVolumes(settings, cluster, new FakeEvents(), mounter, itsStore);
  }

  private String device(String user) {
    return mounter.mounts().at(target(user).path()).orElseThrow().device();
  }

  private TargetPath target(String user) {
    var path = settings.kubeletDir().resolve("pods/" + user + "/mount");
    return TargetPath.parse(path.toString(), settings.kubeletDir());
  }

  private void publish(KubeletVolumes plugin, String user) throws InterruptedException {
    var context = Map.of("ossmount.io/namespace", "ml", "ossmount.io/name", "data");
    var request =
        new Publication.Request(VOLUME, target(user), context, false, MountOptions.NONE, "");
    plugin.publish(Publication.parse(request), within());
  }

  private static Deadline within() {
    return Deadline.after(Duration.ofSeconds(20));
  }
}
