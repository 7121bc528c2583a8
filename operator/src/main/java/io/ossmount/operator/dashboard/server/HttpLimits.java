package io.ossmount.operator.dashboard.server;

import java.util.Map;

/**
 * Bounds of the JDK's HTTP servers in this process, the one of the probes included. They are read
 * once, when the first server is made.
 */
public final class HttpLimits {
  private static final Map<String, String> LIMITS =
      Map.of(
          // Connections of one server.
          "jdk.httpserver.maxConnections", "256",
          "sun.net.httpserver.maxIdleConnections", "64",
          // Seconds: between requests, to read one, to write an answer.
          "sun.net.httpserver.idleInterval", "30",
          "sun.net.httpserver.maxReqTime", "30",
          "sun.net.httpserver.maxRspTime", "60",
          "sun.net.httpserver.maxReqHeaders", "100");

  private HttpLimits() {}

  /** Sets them, but for those that the command line sets. */
  public static void set() {
    LIMITS.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
  }
}
