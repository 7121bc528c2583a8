package io.ossmount.e2e;

import io.ossmount.e2e.cluster.Cluster;
import io.ossmount.e2e.cluster.EmulatorPod;
import io.ossmount.e2e.cluster.Installation;
import io.ossmount.e2e.cluster.Workspace;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What each test stands on: the cluster with OssMount installed, the emulator with a bucket of the
 * test's own, and a namespace.
 *
 * @param cluster the cluster
 * @param oss the emulator in it
 * @param space a namespace
 * @param bucket a bucket of the same name as the namespace
 */
record TestBed(Cluster cluster, EmulatorPod oss, Workspace space, String bucket)
    implements AutoCloseable {

  /** Makes namespace and bucket, both called {@code name}. */
  static TestBed create(String name) {
    Cluster cluster = Cluster.get();
    Installation.ensure(cluster);
    EmulatorPod oss = EmulatorPod.shared(cluster);
    oss.createBucket(name);
    return new TestBed(cluster, oss, Workspace.create(cluster, name), name);
  }

  /** First node in order. */
  String firstNode() {
    return cluster.nodes().getFirst();
  }

  /** Last node in order, another one than the first. */
  String lastNode() {
    return cluster.nodes().getLast();
  }

  /** Applies a Secret with the emulator's all-powerful key, and an OssMount that uses it. */
  void mount(String name, String spec) {
    space.secret("oss-credentials", oss.owner());
    space.apply(mountYaml(name, spec));
  }

  /** An OssMount of the bucket, with more fields of the spec: lines indented by two. */
  String mountYaml(String name, String spec) {
    return """
    apiVersion: ossmount.io/v1alpha1
    kind: OssMount
    metadata: {name: %s}
    spec:
      bucket: %s
      endpoint: %s
      region: cn-emulator
      addressingStyle: Path
      secretRef: {name: oss-credentials}
    %s\
    """
        .formatted(name, bucket, oss.endpoint(), spec.indent(2));
  }

  /**
   * Applies a claim for the OssMount of the same name and a pod on the node, and waits until it
   * runs.
   */
  void pod(String pod, String node, String claim) {
    pods(claim, Map.of(pod, node));
  }

  /** The same with more pods, which start together: the node of each by its name. */
  void pods(String claim, Map<String, String> nodes) {
    var yaml = new StringJoiner("---\n").add(Workspace.claimYaml(claim));
    nodes.forEach((pod, node) -> yaml.add(Workspace.podYaml(pod, node, claim)));
    space.apply(yaml.toString());
    nodes.keySet().forEach(space::awaitRunning);
  }

  /**
   * MiB that the cache of an OssMount takes on the first node; files may go while they are counted.
   */
  int cacheMebibytes(String mount) {
    String uid = space.ossMount(mount).getMetadata().getUid();
    String used = "du -sm /var/lib/ossmount/mounts/%s/cache 2> /dev/null | cut -f1".formatted(uid);
    return Integer.parseInt(cluster.onNode(firstNode(), "sh", "-c", used).orFail());
  }

  /**
   * Removes a pod, its claim and their OssMount, all of one name, and waits for none of them: that
   * they go is seen when the namespace is closed.
   */
  void remove(String name) {
    space
        .kubectl("delete", "pod/" + name, "pvc/" + name, "ossmount/" + name, "--wait=false")
        .orFail();
  }

  /** Removes the same one after the other, and waits for each. */
  void removeInTurn(String name) {
    space.delete("pod", name);
    space.delete("pvc", name);
    space.delete("ossmount", name);
  }

  @Override
  public void close() {
    space.close();
  }
}
