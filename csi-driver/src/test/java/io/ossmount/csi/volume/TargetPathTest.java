package io.ossmount.csi.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetPathTest {
  private static final Path KUBELET = Path.of("/var/lib/kubelet");

  @Test
  void a_path_of_kubelet_is_taken() {
    var path = "/var/lib/kubelet/pods/1/volumes/kubernetes.io~csi/pv/mount";

    assertThat(TargetPath.parse(path, KUBELET).path()).isEqualTo(Path.of(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "relative/path",
        "/",
        "/etc",
        "/var/lib/kubelet",
        "/var/lib/kubelet/",
        "/var/lib/kubelet/pods/",
        "/var/lib/kubelet-other/pods",
        "/var/lib/kubelet/../../../etc",
        "/var/lib/kubelet/pods/../pods",
        "/var/lib/kubelet/./pods",
        "/var/lib/kubelet//pods",
        "//var/lib/kubelet/pods",
        "/var/lib/kubelet/a\u0000b",
        "/var/lib/kubelet/a\nb"
      })
  void a_path_elsewhere_or_with_tricks_is_refused(String path) {
    assertThatThrownBy(() -> TargetPath.parse(path, KUBELET)).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void a_path_longer_than_the_kernel_takes_is_refused() {
    var path = KUBELET + "/" + "a".repeat(4096);

    assertThatThrownBy(() -> TargetPath.parse(path, KUBELET)).isInstanceOf(InvalidRequest.class);
  }

  @Property
  void whatever_is_taken_lies_below_kubelets_directory(
      @ForAll @CharRange(from = '.', to = '/') @CharRange(from = 'a', to = 'b') String rest) {
    try {
      var target = TargetPath.parse(KUBELET + "/" + rest, KUBELET);
      assertThat(target.path().normalize().startsWith(KUBELET)).isTrue();
      assertThat(target.path()).isNotEqualTo(KUBELET);
    } catch (InvalidRequest e) {
      assertThat(e).hasMessageContaining("target path");
    }
  }
}
