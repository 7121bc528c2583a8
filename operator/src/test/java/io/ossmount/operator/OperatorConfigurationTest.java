package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ossmount.operator.defaults.ClusterDefaults;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorConfigurationTest {
  private static final Map<String, String> LEAST =
      Map.of(
          "OSSMOUNT_NAMESPACE", "ossmount-system",
          "OSSMOUNT_POD_NAME", "ossmount-operator-0",
          "OSSMOUNT_CACHE_IMAGE", "registry/ossmount-cache:0.1.0",
          "OSSMOUNT_VERSION", "0.1.0");

  @Test
  void whatIsNotSaidHasADefault() throws InvalidConfigurationException {
    // when
    var configuration = OperatorConfiguration.from(LEAST);

    // then
    assertThat(configuration.leaderElection()).isTrue();
    assertThat(configuration.intervals().recheckFine()).isEqualTo(Duration.ofSeconds(20));
    assertThat(configuration.cachePods().priorityClass()).isEqualTo("system-node-critical");
    assertThat(configuration.cachePods().driver()).isEqualTo("ossmount.io");
    assertThat(configuration.cachePods().imagePullSecrets()).isEmpty();
    assertThat(configuration.defaults()).isEqualTo(ClusterDefaults.NONE);
  }

  @Test
  void anEmptyPriorityClassIsNone() throws InvalidConfigurationException {
    // given
    var environment = new HashMap<>(LEAST);
    environment.put("OSSMOUNT_PRIORITY_CLASS", "");
    environment.put("OSSMOUNT_IMAGE_PULL_SECRETS", "one, two,");

    // when
    var configuration = OperatorConfiguration.from(environment);

    // then
    assertThat(configuration.cachePods().priorityClass()).isEmpty();
    assertThat(configuration.cachePods().imagePullSecrets()).containsExactly("one", "two");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    // given
    var environment =
        Map.of(
            "OSSMOUNT_NAMESPACE", " ",
            "OSSMOUNT_LOG_LEVEL", "LOUD",
            "OSSMOUNT_HEALTH_PORT", "70000",
            "OSSMOUNT_POLL_FINE", "soon",
            "OSSMOUNT_DEFAULTS", "{\"cache\": {\"size\": \"big\"}}");

    // then
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> OperatorConfiguration.from(environment))
        .withMessageContainingAll(
            "OSSMOUNT_NAMESPACE",
            "OSSMOUNT_POD_NAME",
            "OSSMOUNT_CACHE_IMAGE",
            "OSSMOUNT_VERSION",
            "OSSMOUNT_LOG_LEVEL",
            "OSSMOUNT_HEALTH_PORT",
            "OSSMOUNT_POLL_FINE",
            "defaults.cache.size must be a quantity of bytes above 0");
  }
}
