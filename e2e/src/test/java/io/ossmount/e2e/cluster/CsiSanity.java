package io.ossmount.e2e.cluster;

import java.time.Duration;

/**
 * csi-sanity against the deployed driver: the controller plugin's pod and the node plugin of the
 * same node, whose sockets it reaches from inside that node.
 */
public final class CsiSanity {
  private static final String NAMESPACE = "ossmount-system";
  private static final Duration TIMEOUT = Duration.ofMinutes(7);
  private static final String WORK = "/var/lib/kubelet/csi-sanity";

  /**
   * Volumes have no capacity, so that a second claim of the same name with another one is the same
   * volume.
   */
  private static final String SKIPPED =
      "should fail when requesting to create a volume with already existing name and different capacity";

  private CsiSanity() {}

  /**
   * Runs it with volumes of an OssMount, given as NAMESPACE/NAME, that has a cache pod on every
   * node.
   */
  public static Command.Result run(Cluster cluster, String ossMount) {
    String node = controllerField(cluster, "{.items[0].spec.nodeName}");
    String uid = controllerField(cluster, "{.items[0].metadata.uid}");
    String controllerSocket =
        "/var/lib/kubelet/pods/%s/volumes/kubernetes.io~empty-dir/socket/csi.sock".formatted(uid);
    String prepare =
        "rm -rf %1$s && mkdir -p %1$s && printf 'ossMount: %2$s\\n' > %1$s/parameters.yaml"
            .formatted(WORK, ossMount);
    cluster.onNode(node, "sh", "-c", prepare).orFail();
    return cluster.onNode(
        node,
        TIMEOUT,
        cluster.binary("csi-sanity").toString(),
        "--csi.endpoint=unix:///var/lib/kubelet/plugins/ossmount.io/csi.sock",
        "--csi.controllerendpoint=unix://" + controllerSocket,
        "--csi.testvolumeparameters=" + WORK + "/parameters.yaml",
        "--csi.mountdir=" + WORK + "/mount",
        "--csi.stagingdir=" + WORK + "/staging",
        "--ginkgo.no-color",
        "--ginkgo.skip=" + SKIPPED);
  }

  private static String controllerField(Cluster cluster, String path) {
    return cluster
        .kubectl(
            "-n",
            NAMESPACE,
            "get",
            "pods",
            "--selector=app.kubernetes.io/component=controller",
            "-o",
            "jsonpath=" + path)
        .orFail();
  }
}
