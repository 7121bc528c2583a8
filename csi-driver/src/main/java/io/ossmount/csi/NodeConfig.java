package io.ossmount.csi;

import io.ossmount.api.Driver;
import java.nio.file.Path;
import java.util.Map;

/**
 * Configuration of the node plugin.
 *
 * @param nodeName name of the node in Kubernetes ({@code NODE_NAME})
 * @param kubeletDir kubelet's root directory ({@code KUBELET_DIR}), at the same path as on the node
 * @param cacheDir the driver's own directory ({@code CACHE_DIR}), at the same path as on the node
 * @param healthPort of {@code /healthz} ({@code HEALTH_PORT})
 */
record NodeConfig(String nodeName, Path kubeletDir, Path cacheDir, int healthPort) {
  // The path of a unix socket has at most 107 bytes; what comes behind these is 38 and 55 long.
  private static final int MOST_KUBELET_DIR = 64;
  private static final int MOST_CACHE_DIR = 50;

  /** Reads the environment; throws {@link ConfigurationException} with all problems at once. */
  static NodeConfig from(Map<String, String> variables) {
    var environment = new Environment(variables);
    var config =
        new NodeConfig(
            environment.required("NODE_NAME"),
            environment.path("KUBELET_DIR", "/var/lib/kubelet", MOST_KUBELET_DIR),
            environment.path("CACHE_DIR", "/var/lib/ossmount", MOST_CACHE_DIR),
            environment.port("HEALTH_PORT", HealthEndpoint.DEFAULT_PORT));
    environment.throwIfWrong();
    return config;
  }

  /** Where kubelet calls the CSI services. */
  Path socket() {
    return kubeletDir.resolve("plugins").resolve(Driver.NAME).resolve("csi.sock");
  }
}
