package io.ossmount.csi.heal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PodUidTest {
  private static final String UID = "8b3c6e7a-1a51-4d5c-9f0e-0c3a5d9b2f11";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0::/kubepods/burstable/pod8b3c6e7a-1a51-4d5c-9f0e-0c3a5d9b2f11/4f5",
        "0::/kubepods/pod8b3c6e7a-1a51-4d5c-9f0e-0c3a5d9b2f11",
        "0::/../../pod8b3c6e7a-1a51-4d5c-9f0e-0c3a5d9b2f11/4f5",
        "0::/kubepods.slice/kubepods-burstable.slice/"
            + "kubepods-burstable-pod8b3c6e7a_1a51_4d5c_9f0e_0c3a5d9b2f11.slice/cri-containerd-4f5.scope",
        "0::/kubepods.slice/kubepods-pod8b3c6e7a_1a51_4d5c_9f0e_0c3a5d9b2f11.slice/crio-4f5.scope",
        "12:pids:/user\n11:cpu:/kubepods/besteffort/pod8b3c6e7a-1a51-4d5c-9f0e-0c3a5d9b2f11/4f5"
      })
  void a_control_group_names_its_pod(String groups) {
    assertThat(PodUid.ofGroups(groups)).contains(UID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0::/", "0::/system.slice/podman.service", "0::/user.slice/pods/x"})
  void other_groups_name_none(String groups) {
    assertThat(PodUid.ofGroups(groups)).isEmpty();
  }

  @Test
  void kubelets_paths_name_the_pod() {
    var pods = "/var/lib/kubelet/pods/" + UID;

    assertThat(PodUid.ofTarget(pods + "/volumes/kubernetes.io~csi/pv/mount")).contains(UID);
    assertThat(PodUid.ofTarget(pods + "/volume-subpaths/pv/main/0")).contains(UID);
    assertThat(PodUid.ofTarget("/data/pods/x")).isEmpty();
  }
}
