package io.ossmount.operator;

import io.ossmount.api.Driver;
import io.ossmount.api.v1alpha1.Durations;
import io.ossmount.operator.defaults.ClusterDefaults;
import io.ossmount.operator.render.CachePodSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator is told by its environment; immutable. The chart writes these variables, and
 * nothing else reads them.
 *
 * @param namespace OSSMOUNT_NAMESPACE: the operator's own; authority and lease are there
 * @param podName OSSMOUNT_POD_NAME: who holds the lease
 * @param leaderElection OSSMOUNT_LEADER_ELECTION: true unless there is only ever one
 * @param healthPort OSSMOUNT_HEALTH_PORT: of the probes
 * @param intervals how often what cannot be watched is looked at
 * @param dashboard whether and how it is served
 * @param cachePods what all cache pods have in common
 * @param defaults OSSMOUNT_DEFAULTS: fields of spec for OssMounts that do not have them, as JSON
 */
record OperatorConfiguration(
    String namespace,
    String podName,
    boolean leaderElection,
    int healthPort,
    Intervals intervals,
    DashboardSettings dashboard,
    CachePodSettings cachePods,
    ClusterDefaults defaults) {

  /**
   * How often what cannot be watched is looked at.
   *
   * @param recheckFine OSSMOUNT_RECHECK_FINE: Secrets of an OssMount that is ready
   * @param recheckBroken OSSMOUNT_RECHECK_BROKEN: of any other
   * @param pollFine OSSMOUNT_POLL_FINE: a cache pod that is fine
   * @param pollBroken OSSMOUNT_POLL_BROKEN: any other
   */
  record Intervals(
      Duration recheckFine, Duration recheckBroken, Duration pollFine, Duration pollBroken) {}

  private static final int MAX_PORT = 65535;

  /**
   * Reads the environment.
   *
   * @throws InvalidConfigurationException with all that is wrong
   */
  static OperatorConfiguration from(Map<String, String> environment)
      throws InvalidConfigurationException {
    var reader = new Reader(environment);
    var configuration =
        new OperatorConfiguration(
            reader.required("OSSMOUNT_NAMESPACE"),
            reader.required("OSSMOUNT_POD_NAME"),
            reader.flag("OSSMOUNT_LEADER_ELECTION", true),
            reader.port("OSSMOUNT_HEALTH_PORT", 8080),
            new Intervals(
                reader.interval("OSSMOUNT_RECHECK_FINE", "20s"),
                reader.interval("OSSMOUNT_RECHECK_BROKEN", "10s"),
                reader.interval("OSSMOUNT_POLL_FINE", "10s"),
                reader.interval("OSSMOUNT_POLL_BROKEN", "3s")),
            new DashboardSettings(
                reader.flag("OSSMOUNT_DASHBOARD", false),
                reader.port("OSSMOUNT_DASHBOARD_PORT", DashboardSettings.PORT),
                reader
                    .get("OSSMOUNT_DASHBOARD_TLS")
                    .filter(path -> !path.isEmpty())
                    .map(Path::of)
                    .orElse(null)),
            cachePods(reader),
            ClusterDefaults.parse(
                reader.get("OSSMOUNT_DEFAULTS").orElse(""), reader.problems::add));
    if (!reader.problems.isEmpty()) {
      throw new InvalidConfigurationException(reader.problems);
    }
    return configuration;
  }

  /**
   * OSSMOUNT_CACHE_IMAGE, OSSMOUNT_CACHE_IMAGE_PULL_POLICY, OSSMOUNT_IMAGE_PULL_SECRETS (names with
   * commas between), OSSMOUNT_PRIORITY_CLASS ("" for none), OSSMOUNT_DRIVER_NAME,
   * OSSMOUNT_LOG_LEVEL, OSSMOUNT_VERSION.
   */
  private static CachePodSettings cachePods(Reader reader) {
    return new CachePodSettings(
        reader.required("OSSMOUNT_CACHE_IMAGE"),
        reader.oneOf(
            "OSSMOUNT_CACHE_IMAGE_PULL_POLICY",
            "IfNotPresent",
            List.of("Always", "IfNotPresent", "Never")),
        reader.names("OSSMOUNT_IMAGE_PULL_SECRETS"),
        reader.get("OSSMOUNT_PRIORITY_CLASS").orElse("system-node-critical"),
        reader.get("OSSMOUNT_DRIVER_NAME").orElse(Driver.NAME),
        reader.oneOf(
            "OSSMOUNT_LOG_LEVEL", "INFO", List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE")),
        reader.required("OSSMOUNT_VERSION"));
  }

  /** Reads variables and collects what is wrong with them. */
  private static final class Reader {
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    Optional<String> get(String name) {
      return Optional.ofNullable(environment.get(name)).map(String::strip);
    }

    String required(String name) {
      var value = get(name).orElse("");
      if (value.isEmpty()) {
        problems.add(name + " is missing");
      }
      return value;
    }

    boolean flag(String name, boolean absent) {
      return oneOf(name, Boolean.toString(absent), List.of("true", "false")).equals("true");
    }

    String oneOf(String name, String absent, List<String> values) {
      var value = get(name).orElse(absent);
      if (!values.contains(value)) {
        problems.add("%s must be one of %s, not %s".formatted(name, values, value));
      }
      return value;
    }

    int port(String name, int absent) {
      try {
        int port = get(name).map(Integer::parseInt).orElse(absent);
        if (port > 0 && port <= MAX_PORT) {
          return port;
        }
      } catch (NumberFormatException _) {
        // Told below.
      }
      problems.add(name + " must be a port, from 1 to 65535");
      return absent;
    }

    Duration interval(String name, String absent) {
      try {
        var interval = Durations.parse(get(name).orElse(absent));
        if (interval.isPositive()) {
          return interval;
        }
      } catch (IllegalArgumentException _) {
        // Told below.
      }
      problems.add(name + " must be a duration above 0, such as 10s");
      return Durations.parse(absent);
    }

    List<String> names(String name) {
      return get(name).stream()
          .flatMap(text -> Arrays.stream(text.split(",", -1)))
          .map(String::strip)
          .filter(part -> !part.isEmpty())
          .toList();
    }
  }
}
