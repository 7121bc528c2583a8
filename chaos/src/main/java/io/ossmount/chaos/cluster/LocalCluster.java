package io.ossmount.chaos.cluster;

import io.ossmount.chaos.scene.Command;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The cluster of {@code deploy/local}: its tools, its nodes and their files. Thread-safe. */
final class LocalCluster {
  /** Address of this machine that pods reach. */
  static final String MACHINE = "172.31.250.1";

  /** Control group of the API server and its like. */
  static final String CONTROL = "control";

  private static final String REGISTRY = "ossmount.local";

  private final Path root;
  private final Path state;
  private final Path binaries;

  /**
   * The one that is up.
   *
   * @param root of the project's checkout
   * @throws IOException none is up
   */
  LocalCluster(Path root) throws IOException {
    this.root = root;
    state = Path.of(environment("OSSMOUNT_STATE", "/var/lib/ossmount-local"));
    binaries =
        Path.of(environment("OSSMOUNT_CACHE", System.getProperty("user.home") + "/.cache/ossmount"))
            .resolve("bin");
    if (!Files.isReadable(kubeconfig())) {
      throw new IOException("no local cluster is up: make cluster starts one");
    }
  }

  private static String environment(String name, String otherwise) {
    var value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private Path kubeconfig() {
    return state.resolve("kubeconfig");
  }

  /** Runs kubectl; what it says. */
  String kubectl(String... words) throws IOException, InterruptedException {
    return Command.run(command("kubectl", words));
  }

  /** The same of what may fail. */
  void tryKubectl(String... words) {
    Command.tryRun(command("kubectl", words));
  }

  /** Applies objects. */
  void apply(String yaml) throws IOException, InterruptedException {
    var file = Files.createTempFile("chaos", ".yaml");
    try {
      Files.writeString(file, yaml);
      kubectl("apply", "--server-side", "--force-conflicts", "-f", file.toString());
    } finally {
      Files.delete(file);
    }
  }

  /**
   * Installs the chart, or upgrades what is there.
   *
   * @param tag of the images; "": that of the build
   */
  void install(String tag) throws IOException, InterruptedException {
    var chart = root.resolve("deploy/chart/ossmount");
    kubectl("apply", "--server-side", "--force-conflicts", "-f", chart.resolve("crds").toString());
    var words =
        new ArrayList<>(
            List.of(
                "upgrade",
                "--install",
                "ossmount",
                chart.toString(),
                "--namespace=" + Product.NAMESPACE,
                "--create-namespace",
                "--set=sidecars.registry=" + REGISTRY,
                "--set-string=image.tag=" + tag,
                "--wait",
                "--timeout=55s"));
    var build = build();
    for (var part : List.of("operator", "controller", "node")) {
      words.add("--set-string=" + part + ".annotations.ossmount\\.io/build=" + build);
    }
    Command.run(command("helm", words.toArray(String[]::new)));
    kubectl(
        "-n", Product.NAMESPACE, "rollout", "status", "daemonset/ossmount-node", "--timeout=55s");
  }

  /** The tag stays when the images are built anew; this makes new pods of them. */
  private String build() throws IOException {
    var text = new StringBuilder();
    try (var inputs = Files.newDirectoryStream(root.resolve("deploy/images/target"), "*.inputs")) {
      for (var each : inputs) {
        text.append(Files.readString(each));
      }
    }
    return "b" + Integer.toHexString(text.toString().hashCode());
  }

  /** Gives the images another tag on a node. */
  void tagImages(String node, String tag) throws IOException, InterruptedException {
    var images =
        onNode(node, "ctr", "--namespace=k8s.io", "images", "list", "--quiet")
            .lines()
            .filter(image -> image.startsWith(REGISTRY + "/ossmount-"))
            .filter(image -> !image.endsWith(":" + tag))
            .toList();
    for (var image : images) {
      var other = image.substring(0, image.lastIndexOf(':') + 1) + tag;
      onNode(node, "ctr", "--namespace=k8s.io", "images", "tag", "--force", image, other);
    }
  }

  /** Runs a program inside a node. */
  String onNode(String node, String... words) throws IOException, InterruptedException {
    return local("node-exec", prepend(node, words));
  }

  /** Kills all that runs on a node, as losing power does, and starts it again after this work. */
  <T> T whileStopped(String node, Work<T> work) throws IOException, InterruptedException {
    local("node-stop", node);
    try {
      return work.run();
    } finally {
      local("node-start", node);
    }
  }

  /** What is done meanwhile. */
  interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  /** Kills all that runs on a node, and starts it again later. */
  void loseNode(String node, Duration away) throws IOException, InterruptedException {
    whileStopped(
        node,
        () -> {
          TimeUnit.NANOSECONDS.sleep(away.toNanos());
          return node;
        });
  }

  private String local(String script, String... words) throws IOException, InterruptedException {
    return Command.run(prepend(root.resolve("deploy/local").resolve(script).toString(), words));
  }

  private String[] command(String tool, String... words) {
    var all = new ArrayList<String>();
    all.add(binaries.resolve(tool).toString());
    all.add("--kubeconfig=" + kubeconfig());
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  private static String[] prepend(String first, String... rest) {
    var all = new ArrayList<>(List.of(first));
    all.addAll(List.of(rest));
    return all.toArray(String[]::new);
  }

  /** Where this machine has a node's file; not what is mounted there. */
  Path ofNode(String node, Path file) {
    return state.resolve("nodes").resolve(node).resolve(file.toString().substring(1));
  }

  /** The mounts of a node. */
  MountTable mounts(String node) throws IOException {
    var init = Files.readString(state.resolve("nodes").resolve(node).resolve("init.pid")).strip();
    return MountTable.read(Path.of("/proc", init, "mountinfo"));
  }
}
