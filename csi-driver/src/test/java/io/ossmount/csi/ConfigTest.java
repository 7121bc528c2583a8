package io.ossmount.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConfigTest {
  @Test
  void defaults_are_those_of_kubernetes() {
    var config = NodeConfig.from(Map.of("NODE_NAME", "gpu-1"));

    assertThat(config)
        .isEqualTo(
            new NodeConfig(
                "gpu-1", Path.of("/var/lib/kubelet"), Path.of("/var/lib/ossmount"), 9403));
    assertThat(config.socket()).isEqualTo(Path.of("/var/lib/kubelet/plugins/ossmount.io/csi.sock"));
    assertThat(ControllerConfig.from(Map.of()).socket()).isEqualTo(Path.of("/csi/csi.sock"));
  }

  @Test
  void all_problems_are_said_at_once() {
    var variables =
        Map.of(
            "KUBELET_DIR", "var/lib",
            "CACHE_DIR", "/x".repeat(40),
            "HEALTH_PORT", "70000");

    assertThatThrownBy(() -> NodeConfig.from(variables))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("NODE_NAME is missing")
        .hasMessageContaining("KUBELET_DIR is not an absolute path")
        .hasMessageContaining("CACHE_DIR is longer than 50 bytes")
        .hasMessageContaining("HEALTH_PORT is not a port number: 70000");
  }

  @Test
  void the_kernel_has_to_be_5_10() {
    assertThat(NodeChecks.kernelProblem("6.18.44-fc")).isEmpty();
    assertThat(NodeChecks.kernelProblem("5.10.134-16.al8.x86_64")).isEmpty();
    assertThat(NodeChecks.kernelProblem("5.4.0-1").orElseThrow()).contains("5.4.0-1", "5.10");
    assertThat(NodeChecks.kernelProblem("4.19")).isPresent();
    assertThat(NodeChecks.kernelProblem("odd")).isPresent();
  }

  @Test
  void the_version_is_that_of_the_build() {
    assertThat(BuildVersion.current()).matches("[0-9]+[.][0-9]+[.][0-9]+.*");
  }
}
