package io.ossmount.chaos.cluster;

import io.ossmount.chaos.scene.Names;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the API server has of the OssMount: asked anew each time. */
record ApiObjects(LocalCluster cluster) {
  private static final List<String> USERS = List.of("pods", "pvc", "ossmounts");
  private static final String MADE = "pods,pvc,ossmounts,poddisruptionbudgets,secrets";

  /** Made by the harness, as a user would. */
  private static final String CREDENTIALS = "secret/oss-credentials";

  /** UIDs of all pods of the cluster, also of those that end. */
  Set<String> podUids() throws IOException, InterruptedException {
    return words("get", "pods", "--all-namespaces", "-o", "jsonpath={.items[*].metadata.uid}");
  }

  /** Names of the volumes that claims have. */
  Set<String> volumes() throws IOException, InterruptedException {
    return words("-n", Names.NAMESPACE, "get", "pvc", "-o", "jsonpath={.items[*].spec.volumeName}");
  }

  /** Names of living cache pods, by node. */
  Map<String, List<String>> cachePods() throws IOException, InterruptedException {
    var pods =
        cluster.kubectl(
            "-n",
            Names.NAMESPACE,
            "get",
            "pods",
            "--selector=app.kubernetes.io/component=" + Product.SERVER.component(),
            "-o",
            "go-template={{range .items}}{{if not .metadata.deletionTimestamp}}{{.spec.nodeName}} {{.metadata.name}}{{\"\\n\"}}{{end}}{{end}}");
    var byNode = new HashMap<String, List<String>>();
    pods.lines()
        .map(line -> line.split(" ", 2))
        .forEach(words -> byNode.computeIfAbsent(words[0], _ -> new ArrayList<>()).add(words[1]));
    return byNode;
  }

  /**
   * Names of the workloads' pods that have no Event of this reason.
   *
   * @param since when; older ones do not count
   */
  Set<String> podsWithoutEvent(String reason, Instant since)
      throws IOException, InterruptedException {
    var pods =
        words(
            "-n",
            Names.NAMESPACE,
            "get",
            "pods",
            "--selector=app=" + PodCrew.APPLICATION,
            "-o",
            "jsonpath={.items[*].metadata.name}");
    cluster
        .kubectl(
            "-n",
            Names.NAMESPACE,
            "get",
            "events",
            "--field-selector=reason=" + reason,
            "-o",
            "go-template={{range .items}}{{.lastTimestamp}} {{.involvedObject.name}}{{\"\\n\"}}{{end}}")
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(event -> !Instant.parse(event[0]).isBefore(since))
        .forEach(event -> pods.remove(event[1]));
    return pods;
  }

  /** Deletes all that a user makes, and waits for it; what did not go in time, one line each. */
  List<String> delete() throws InterruptedException {
    var stays = new ArrayList<String>();
    for (var kind : USERS) {
      try {
        cluster.kubectl("-n", Names.NAMESPACE, "delete", kind, "--all", "--timeout=55s");
      } catch (IOException e) {
        stays.add("deletion of " + kind + ": " + e.getMessage());
      }
    }
    return stays;
  }

  /**
   * Those that are still there, one line each.
   *
   * @param volumes that the claims had
   */
  List<String> left(Set<String> volumes) throws IOException, InterruptedException {
    var left = new ArrayList<>(words("-n", Names.NAMESPACE, "get", MADE, "-o", "name"));
    left.remove(CREDENTIALS);
    words("get", "persistentvolumes", "-o", "jsonpath={.items[*].metadata.name}").stream()
        .filter(volumes::contains)
        .forEach(name -> left.add("persistentvolume/" + name));
    words("get", "volumeattachments", "-o", "jsonpath={.items[*].spec.source.persistentVolumeName}")
        .stream()
        .filter(volumes::contains)
        .forEach(name -> left.add("volumeattachment of " + name));
    return left;
  }

  private Set<String> words(String... question) throws IOException, InterruptedException {
    return Arrays.stream(cluster.kubectl(question).split("\\s+", -1))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
