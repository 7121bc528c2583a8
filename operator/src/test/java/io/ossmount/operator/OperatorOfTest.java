package io.ossmount.operator;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.net.BindException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Operators whose ports nobody else on this machine has: other tests may run at the same time. */
final class OperatorOfTest {
  private static final int ATTEMPTS = 5;

  /** Below those that the kernel gives. */
  private static final int FIRST_PORT = 20_000;

  private static final int LAST_PORT = 32_000;

  private OperatorOfTest() {}

  /** Builds one with these variables; it listens, but watches nothing yet. */
  static OperatorProcess build(Map<String, String> environment, Config apiServer)
      throws IOException, InvalidConfigurationException {
    for (int attempt = 1; ; attempt++) {
      try {
        var configuration = OperatorConfiguration.from(withPorts(environment));
        var operator = new OperatorProcess(configuration, apiServer, Clock.systemUTC());
        // It goes on without its dashboard when that port is taken.
        if (!configuration.dashboard().enabled() || operator.dashboardPort().isPresent()) {
          return operator;
        }
        operator.close();
        throw new BindException("the dashboard is not served");
      } catch (BindException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static Map<String, String> withPorts(Map<String, String> environment) {
    var all = new HashMap<>(environment);
    all.put("OSSMOUNT_HEALTH_PORT", anyPort());
    all.put("OSSMOUNT_DASHBOARD_PORT", anyPort());
    return all;
  }

  private static String anyPort() {
    return Integer.toString(ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT));
  }
}
