package io.ossmount.chaos.cluster;

import io.ossmount.chaos.scene.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How the product is doing, as its user would see it: pods that are ready, an OssMount that is
 * served and up to date.
 */
record Health(LocalCluster cluster) {
  /** Whether all that should be there is; also false when the API server does not answer. */
  boolean isGood() throws InterruptedException {
    try {
      return condition("Ready").equals("True")
          && !condition("UpdatePending").equals("True")
          && !new GroupProcesses(ClusterScene.NODE).of(Product.PLUGIN).isEmpty()
          && unready().isEmpty();
    } catch (IOException notNow) {
      return false;
    }
  }

  private String condition(String type) throws IOException, InterruptedException {
    return cluster.kubectl(
        "-n",
        Names.NAMESPACE,
        "get",
        "ossmount",
        Names.OSS_MOUNT,
        "-o",
        "jsonpath={.status.conditions[?(@.type==\"" + type + "\")].status}");
  }

  /** Pods of the product and cache pods that are not ready. */
  private List<String> unready() throws IOException, InterruptedException {
    var unready = new ArrayList<String>();
    for (var namespace : List.of(Product.NAMESPACE, Names.NAMESPACE)) {
      cluster
          .kubectl(
              "-n",
              namespace,
              "get",
              "pods",
              "--selector=app.kubernetes.io/name=ossmount",
              "-o",
              "jsonpath={range .items[*]}{.metadata.name} {.status.conditions[?(@.type==\"Ready\")].status}{\"\\n\"}{end}")
          .lines()
          .filter(line -> !line.endsWith(" True"))
          .forEach(unready::add);
    }
    return unready;
  }
}
