package io.ossmount.csi;

import java.nio.file.Path;
import java.util.Map;

/**
 * Configuration of the controller plugin.
 *
 * @param socket that the sidecars connect to ({@code CSI_SOCKET})
 * @param healthPort of {@code /healthz} ({@code HEALTH_PORT})
 */
record ControllerConfig(Path socket, int healthPort) {
  /** {@code sun_path}, less its end. */
  private static final int MOST_SOCKET = 107;

  /** Reads the environment; throws {@link ConfigurationException} with all problems at once. */
  static ControllerConfig from(Map<String, String> variables) {
    var environment = new Environment(variables);
    var config =
        new ControllerConfig(
            environment.path("CSI_SOCKET", "/csi/csi.sock", MOST_SOCKET),
            environment.port("HEALTH_PORT", HealthEndpoint.DEFAULT_PORT));
    environment.throwIfWrong();
    return config;
  }
}
