package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.fdstore.FakePod;
import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.testing.FakeCluster;
import io.ossmount.csi.testing.FakeEvents;
import io.ossmount.csi.testing.FakeMounter;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.MountOptions;
import io.ossmount.csi.volume.Publication;
import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.csi.volume.VolumeException.PublishedOtherwise;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import io.ossmount.csi.volume.VolumeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kubelets that publish and unpublish at random and at the same time, a kernel that fails now and
 * then, cache pods that die in between: whatever happened, what is asked for last is the case.
 */
@Timeout(120)
final class RandomPublishingIT {
  private static final int CALLS_PER_KUBELET = 60;
  private static final int TARGETS = 6;
  private static final List<String> GROUPS = List.of("", "1000", "2000");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothing_is_lost_and_nothing_is_left(long seed) throws Exception {
    var settings =
        new NodeSettings("node-1", directory.resolve("kubelet"), directory.resolve("cache"), 0);
    Files.createDirectories(settings.kubeletDir());
    var cluster = new FakeCluster();
    cluster.put("ml", "data", "u-1", "spec: {bucket: b}");
    var mounter = new FakeMounter(seed);
    var store = new FdStore();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var plugin = new KubeletVolumes(settings, cluster, new FakeEvents(), mounter, store)) {
      var pod = new FakePod(store, "u-1", 1).thatServes(threads);
      pod.connect();
      mounter.setFailures(0.1);
      var kubelets = startKubelets(plugin, settings, threads, seed);
      for (int pid = 2; kubelets.stream().anyMatch(kubelet -> !kubelet.isDone()); pid++) {
        Thread.sleep(15);
        pod.die();
        pod = new FakePod(store, "u-1", pid).thatServes(threads);
        pod.connect();
      }
      for (var kubelet : kubelets) {
        kubelet.get(60, TimeUnit.SECONDS);
      }
      mounter.setFailures(0);

      for (int i = 0; i < TARGETS; i++) {
        plugin.publish(publication(settings, i, i % GROUPS.size()), Deadline.after(seconds(20)));
      }
      assertThat(mounter.mounts().entries()).hasSize(TARGETS + GROUPS.size());

      for (int i = 0; i < TARGETS; i++) {
        unpublish(plugin, settings, i);
      }
      assertThat(mounter.mounts().entries()).isEmpty();
      assertThat(mounter.made())
          .allSatisfy(descriptors -> assertThat(descriptors.fuse().isClosed()).isTrue());
      try (var left = Files.list(settings.cacheDir().resolve("sessions"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  /**
   * Each volume has one kubelet, which calls for one target at a time; retries come at any time.
   */
  private static List<Future<?>> startKubelets(
      KubeletVolumes plugin, NodeSettings settings, ExecutorService threads, long seed) {
    var kubelets = new ArrayList<Future<?>>();
    for (int i = 0; i < TARGETS; i++) {
      var target = i;
      for (int twin = 0; twin < 2; twin++) {
        var random = new Random(seed * 100 + i * 10L + twin);
        kubelets.add(
            threads.submit(() -> {
              for (int call = 0; call < CALLS_PER_KUBELET; call++) {
                call(plugin, settings, target, random);
              }
              // The last word: whatever is there goes, so that the end is known.
              unpublish(plugin, settings, target);
              return null;
            }));
      }
    }
    return kubelets;
  }

  private static void call(KubeletVolumes plugin, NodeSettings settings, int target, Random random)
      throws InterruptedException {
    if (random.nextInt(3) == 0) {
      unpublish(plugin, settings, target);
      return;
    }
    try {
      plugin.publish(
          publication(settings, target, random.nextInt(GROUPS.size())),
          Deadline.after(Duration.ofMillis(1 + random.nextInt(200))));
    } catch (NodeFault | Unavailable | PublishedOtherwise e) {
      assertThat(e.getMessage()).isNotBlank();
    } catch (io.ossmount.csi.volume.VolumeException.Busy e) {
      assertThat(e.getMessage()).contains("another call");
    }
  }

  private static void unpublish(KubeletVolumes plugin, NodeSettings settings, int target)
      throws InterruptedException {
    plugin.unpublish(new VolumeId("u-1.v"), target(settings, target), Deadline.after(seconds(30)));
  }

  private static Publication publication(NodeSettings settings, int target, int group) {
    return Publication.parse(
        new Publication.Request(
            new VolumeId("u-1.v"),
            target(settings, target),
            Map.of("ossmount.io/namespace", "ml", "ossmount.io/name", "data"),
            false,
            MountOptions.NONE,
            GROUPS.get(group)));
  }

  private static TargetPath target(NodeSettings settings, int target) {
    var path = settings.kubeletDir().resolve("pods/" + target + "/mount");
    return TargetPath.parse(path.toString(), settings.kubeletDir());
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
