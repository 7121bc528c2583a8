package io.ossmount.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.kernel.MountEntry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeStateTest {
  private static final String SESSION = "/var/lib/ossmount/sessions/s-1";
  private static final String VOLUME =
      "/var/lib/kubelet/pods/%s/volumes/kubernetes.io~csi/pv/mount";
  private static final String SUB_PATH = "/var/lib/kubelet/pods/%s/volume-subpaths/pv/container/0";

  @Test
  void a_session_and_the_volume_of_a_pod_are_needed() {
    var mounts =
        List.of(fuse("0:70", SESSION), fuse("0:70", VOLUME.formatted("a")), directory("b"));

    assertThat(NodeState.surplus(mounts, Set.of("s-1"), Set.of("a", "b"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {VOLUME, SUB_PATH})
  void the_volume_of_a_pod_that_is_gone_is_not(String target) {
    var mounts = List.of(fuse("0:70", SESSION), fuse("0:70", target.formatted("a")));

    assertThat(NodeState.surplus(mounts, Set.of("s-1"), Set.of("b")))
        .containsExactly("mount " + target.formatted("a") + " of a pod that is gone");
  }

  @Test
  void the_directory_of_a_cache_pod_that_is_gone_is_not() {
    assertThat(NodeState.surplus(List.of(directory("b")), Set.of(), Set.of()))
        .containsExactly("mount " + VOLUME.formatted("b") + " of a pod that is gone");
  }

  @Test
  void a_second_session_is_not_whether_it_is_mounted_or_not() {
    var two = List.of(fuse("0:70", SESSION), fuse("0:71", SESSION + "x"));

    assertThat(NodeState.surplus(two, Set.of("s-1"), Set.of())).hasSize(1);
    assertThat(NodeState.surplus(List.of(), Set.of("s-1", "s-2"), Set.of())).hasSize(1);
  }

  private static MountEntry fuse(String device, String target) {
    return mount(device, "/", target, "fuse.ossmount");
  }

  private static MountEntry directory(String pod) {
    return mount("8:1", "/var/lib/ossmount/mounts/u", VOLUME.formatted(pod), "ext4");
  }

  private static MountEntry mount(String device, String root, String target, String type) {
    return new MountEntry(
        1, 0, device, root, target, List.of("rw"), List.of(), type, "x", List.of());
  }
}
