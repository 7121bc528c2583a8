package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.csi.fdstore.FakePod;
import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.heal.MountNamespaces;
import io.ossmount.csi.testing.FakeCluster;
import io.ossmount.csi.testing.FakeEvents;
import io.ossmount.csi.testing.FakeMounter;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.MountOptions;
import io.ossmount.csi.volume.Publication;
import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import io.ossmount.csi.volume.VolumeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A restarted plugin, and a session that no cache pod hands back while it cannot be told that it is
 * dead: before Linux 6.16 every process with {@code /dev/fuse} may hold it. Mounts in memory.
 */
@Timeout(60)
final class UnclaimedIT {
  private static final Duration ENOUGH = Duration.ofSeconds(20);

  /** Shorter than what counts as a pause of the plugin itself. */
  private static final int STEP_SECONDS = 3;

  @TempDir private Path directory;
  private final FakeCluster cluster = new FakeCluster();
  private final FakeMounter mounter = new FakeMounter(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong now = new AtomicLong();
  private final FdStore store = new FdStore((devices, _) -> devices, now::get);
  private NodeSettings settings;

  @BeforeEach
  void a_session_of_an_earlier_plugin() throws Exception {
    settings = new NodeSettings("node-1", directory.resolve("kubelet"), directory.resolve("c"), 0);
    Files.createDirectories(settings.kubeletDir());
    cluster.put("ml", "data", "u-1", "spec: {bucket: b}");
    var earlier = new FdStore();
    try (var plugin = plugin(earlier)) {
      new FakePod(earlier, "u-1", 1).thatServes(threads).connect();
      publish(plugin, "a", ENOUGH);
    }
    new Recovery(mounter, new SessionFiles(settings.cacheDir()), store, new MountNamespaces())
        .run();
  }

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void another_one_is_made_when_the_cache_pods_have_had_time_to_hand_it_back() throws Exception {
    try (var plugin = plugin(store)) {
      new FakePod(store, "u-1", 2).thatServes(threads).connect();
      assertThatThrownBy(() -> publish(plugin, "b", Duration.ofSeconds(1)))
          .isInstanceOf(Unavailable.class);
      pass(9);

      publish(plugin, "b", ENOUGH);

      assertThat(device("b")).isNotEqualTo(device("a"));
      assertThat(mounter.mounts().ofDevice(device("a"))).as("with its own mount").hasSize(2);
      publish(plugin, "c", ENOUGH);
      assertThat(device("c")).isEqualTo(device("b"));
    }
  }

  @Test
  void it_is_waited_for_while_no_cache_pod_is_there_that_could_serve_another_one()
      throws Exception {
    try (var plugin = plugin(store)) {
      pass(60);

      assertThatThrownBy(() -> publish(plugin, "b", Duration.ofSeconds(1)))
          .isInstanceOf(Unavailable.class);

      assertThat(store.ofVolume(new VolumeId("u-1.v"))).hasSize(1);
    }
  }

  private KubeletVolumes plugin(FdStore itsStore) {
    return new KubeletVolumes(settings, cluster, new FakeEvents(), mounter, itsStore);
  }

  private void pass(int seconds) {
    for (int passed = 0; passed < seconds; passed += STEP_SECONDS) {
      now.addAndGet(TimeUnit.SECONDS.toNanos(STEP_SECONDS));
      FakePod.tick(store);
    }
  }

  private String device(String pod) {
    return mounter.mounts().at(target(pod).path()).orElseThrow().device();
  }

  private TargetPath target(String pod) {
    var path = settings.kubeletDir().resolve("pods/" + pod + "/mount");
    return TargetPath.parse(path.toString(), settings.kubeletDir());
  }

  private void publish(KubeletVolumes plugin, String pod, Duration within)
      throws InterruptedException {
    var context = Map.of("ossmount.io/namespace", "ml", "ossmount.io/name", "data");
    var request =
        new Publication.Request(
            new VolumeId("u-1.v"), target(pod), context, false, MountOptions.NONE, "");
    plugin.publish(Publication.parse(request), Deadline.after(within));
  }
}
