package io.ossmount.cache;

import io.ossmount.cache.serve.SessionClient.PodName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * The variables of the environment that {@code serve} goes by. Who the pod is, the operator's
 * {@code render.CachePod} sets; the others are for those who run it elsewhere.
 */
final class ServeEnvironment {
  static final String POD_NAME = "OSSMOUNT_POD_NAME";
  private static final String POD_NAMESPACE = "OSSMOUNT_POD_NAMESPACE";
  private static final String POD_UID = "OSSMOUNT_POD_UID";
  private static final String NODE = "OSSMOUNT_NODE";
  private static final String CONFIGURATION = "OSSMOUNT_CONFIGURATION";
  private static final String NODE_DIRECTORY = "OSSMOUNT_NODE_DIRECTORY";
  private static final String CONTROL_PORT = "OSSMOUNT_CONTROL_PORT";
  private static final String HEALTH_PORT = "OSSMOUNT_HEALTH_PORT";

  /** How long written files wait for their session. */
  private static final String SESSION_PATIENCE = "OSSMOUNT_SESSION_PATIENCE";

  /** What tests take away from a kernel, as older ones do not have it. */
  static final String UNWANTED_FUSE_FLAGS = "OSSMOUNT_UNWANTED_FUSE_FLAGS";

  private static final int MOST_PORT = 65_535;

  private final Map<String, String> variables;

  ServeEnvironment(Map<String, String> variables) {
    this.variables = variables;
  }

  /**
   * What a cache pod is told.
   *
   * @throws IllegalArgumentException a variable has no value of its kind
   */
  CachePod.Surroundings surroundings() {
    return new CachePod.Surroundings(
        Path.of(text(CONFIGURATION, "/etc/ossmount")),
        Path.of(text(NODE_DIRECTORY, "/var/lib/ossmount")),
        text(NODE, ""),
        new PodName(text(POD_NAMESPACE, ""), text(POD_NAME, ""), text(POD_UID, "")),
        port(CONTROL_PORT, 9443),
        port(HEALTH_PORT, 9402),
        // Of a plugin that does not say which sessions come, which gives one up before that.
        duration(SESSION_PATIENCE, Duration.ofMinutes(10)),
        flags(UNWANTED_FUSE_FLAGS));
  }

  private String text(String name, String otherwise) {
    return variables.getOrDefault(name, otherwise);
  }

  private int port(String name, int otherwise) {
    String text = text(name, String.valueOf(otherwise));
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= MOST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s is %s: give a port, 0 (any that is free) to 65535".formatted(name, text));
  }

  private long flags(String name) {
    String text = text(name, "0");
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s is %s: give a number such as 0x8000000000".formatted(name, text), e);
    }
  }

  private Duration duration(String name, Duration otherwise) {
    String text = text(name, otherwise.toString());
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s is %s: give a duration such as PT10M".formatted(name, text), e);
    }
  }
}
