package io.ossmount.chaos.cluster;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Names;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A pod that comes, reads a file of the volume and is deleted: one at a time. */
record Visitor(LocalCluster cluster, String node) {
  private static final Duration COMES = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final String NAME = "visitor";

  /** What went wrong, one line each. */
  List<String> visit() throws InterruptedException {
    var wrong = new ArrayList<String>();
    try {
      cluster.apply(pod());
      if (!Await.until(COMES, POLL, () -> phase().matches("Succeeded|Failed"))
          || !phase().equals("Succeeded")) {
        wrong.add("a pod that came did not read a file: " + phase());
      }
    } catch (IOException e) {
      wrong.add("a pod did not come: " + e.getMessage());
    }
    try {
      cluster.kubectl(
          "-n", Names.NAMESPACE, "delete", "pod", NAME, "--ignore-not-found", "--timeout=60s");
    } catch (IOException e) {
      wrong.add("a pod did not go: " + e.getMessage());
    }
    return wrong;
  }

  private String phase() throws IOException, InterruptedException {
    return cluster.kubectl(
        "-n", Names.NAMESPACE, "get", "pod", NAME, "-o", "jsonpath={.status.phase}");
  }

  private String pod() {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %1$s, namespace: %2$s, labels: {app: %1$s}}
    spec:
      nodeName: %3$s
      restartPolicy: Never
      terminationGracePeriodSeconds: 1
      containers:
      - name: %1$s
        image: ossmount.local/busybox:1
        command: [cat, /data/%4$s]
        volumeMounts:
        - {name: data, mountPath: /data}
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: %5$s}
    """
        .formatted(NAME, Names.NAMESPACE, node, Dataset.small().getLast().path(), Names.OSS_MOUNT);
  }
}
