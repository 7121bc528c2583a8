package io.ossmount.e2e.cluster;

import java.time.Duration;

/** OssMount on the cluster, by its Helm chart, as the README installs it. */
public final class Installation {
  private static final String RELEASE = "ossmount";
  private static final String NAMESPACE = "ossmount-system";
  private static final Duration HELM_TIMEOUT = Duration.ofMinutes(5);

  /** So small that the cache pods of all tests that run at a time find room on one node. */
  private static final String SMALL_PODS =
      "{\"cache\":{\"resources\":{\"requests\":{\"cpu\":\"50m\",\"memory\":\"512Mi\"},"
          + "\"limits\":{\"memory\":\"1Gi\"}}}}";

  private static boolean installed;

  private Installation() {}

  /** Installs the chart, or upgrades what is there; once in a run of the tests. */
  public static synchronized void ensure(Cluster cluster) {
    if (!installed) {
      upgrade(cluster, SMALL_PODS);
      installed = true;
    }
  }

  /**
   * Gives the cluster other defaults, as fields of spec in JSON; for tests that nobody else runs
   * beside, who take them back.
   */
  public static synchronized void setDefaults(Cluster cluster, String json) {
    upgrade(cluster, json);
  }

  /** Takes them back. */
  public static synchronized void resetDefaults(Cluster cluster) {
    upgrade(cluster, SMALL_PODS);
  }

  private static void upgrade(Cluster cluster, String defaults) {
    String chart = cluster.root().resolve("deploy/chart/ossmount").toString();
    // Helm does not do this with an upgrade.
    cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", chart + "/crds").orFail();
    helm(
            cluster,
            "upgrade",
            "--install",
            RELEASE,
            chart,
            "--namespace",
            NAMESPACE,
            "--create-namespace",
            "--set=sidecars.registry=ossmount.local",
            "--set-json=defaults=" + defaults,
            "--wait",
            "--timeout=4m")
        .orFail();
  }

  /** Runs the release's test; answers what it said. */
  public static String test(Cluster cluster) {
    return helm(cluster, "test", RELEASE, "--namespace", NAMESPACE, "--logs", "--timeout=2m")
        .orFail();
  }

  /** Tries to remove the release. */
  public static synchronized Command.Result uninstall(Cluster cluster) {
    Command.Result result =
        helm(cluster, "uninstall", RELEASE, "--namespace", NAMESPACE, "--wait", "--timeout=3m");
    installed = installed && !result.succeeded();
    return result;
  }

  /** What the hook that refused an uninstallation said. */
  public static String whyUninstallWasRefused(Cluster cluster) {
    return cluster
        .kubectl(
            "-n",
            NAMESPACE,
            "logs",
            "--selector=app.kubernetes.io/component=uninstall",
            "--tail=100")
        .orFail();
  }

  private static Command.Result helm(Cluster cluster, String... arguments) {
    return cluster.tool("helm", HELM_TIMEOUT, arguments).run();
  }
}
