package io.ossmount.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The local cluster of {@code deploy/local}. One per run of the tests; thread-safe.
 *
 * <p>What a user does with kubectl is done with kubectl; what only a test wants to know is asked
 * with the client.
 */
public final class Cluster {
  private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(2);
  private static final Cluster INSTANCE = new Cluster();

  private final Path state;
  private final Path binaries;
  private final Path root;
  private final KubernetesClient client;

  private Cluster() {
    state = Path.of(environment("OSSMOUNT_STATE", "/var/lib/ossmount-local"));
    binaries =
        Path.of(environment("OSSMOUNT_CACHE", System.getProperty("user.home") + "/.cache/ossmount"))
            .resolve("bin");
    root = Path.of(System.getProperty("ossmount.root", "..")).toAbsolutePath().normalize();
    Config config = Config.fromKubeconfig(kubeconfig().toFile());
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  /** The cluster; fails when none is up ({@code make cluster} starts one). */
  public static Cluster get() {
    return INSTANCE;
  }

  /** The API. */
  public KubernetesClient client() {
    return client;
  }

  /** Administrator's kubeconfig. */
  public Path kubeconfig() {
    return state.resolve("kubeconfig");
  }

  /** Root of the project's checkout. */
  public Path root() {
    return root;
  }

  /** The version that the images and the chart have. */
  public String version() {
    return System.getProperty("ossmount.version", "0.1.0");
  }

  /** Runs kubectl. */
  public Command.Result kubectl(String... arguments) {
    return kubectlWithInput("", arguments);
  }

  /** Runs kubectl with a standard input. */
  public Command.Result kubectlWithInput(String input, String... arguments) {
    return tool("kubectl", COMMAND_TIMEOUT, arguments).run(input);
  }

  /** Applies objects written in YAML. */
  public void apply(String yaml) {
    kubectlWithInput(yaml, "apply", "--server-side", "--force-conflicts", "-f", "-").orFail();
  }

  /** Runs a program that {@code deploy/local/build} made: helm, csi-sanity, kubectl. */
  public Command tool(String name, Duration timeout, String... arguments) {
    List<String> words = new ArrayList<>(List.of(binaries.resolve(name).toString()));
    words.addAll(List.of(arguments));
    return new Command(words, Map.of("KUBECONFIG", kubeconfig().toString()), timeout);
  }

  /** Path of a program that {@code deploy/local/build} made. */
  public Path binary(String name) {
    return binaries.resolve(name);
  }

  /** Runs a program inside a node: its mounts, its network. */
  public Command.Result onNode(String node, String... words) {
    return onNode(node, COMMAND_TIMEOUT, words);
  }

  /** The same, of a program that may take longer. */
  public Command.Result onNode(String node, Duration timeout, String... words) {
    return local("node-exec", timeout, prepend(node, words));
  }

  /** Kills all that runs on a node and drops its mounts, as losing power does. */
  public void stopNode(String node) {
    local("node-stop", COMMAND_TIMEOUT, node).orFail();
  }

  /** Starts a node again. */
  public void startNode(String node) {
    local("node-start", COMMAND_TIMEOUT, node).orFail();
  }

  /** Names of the nodes, in order. */
  public List<String> nodes() {
    return client.nodes().list().getItems().stream()
        .map(node -> node.getMetadata().getName())
        .sorted()
        .toList();
  }

  private Command.Result local(String script, Duration timeout, String... arguments) {
    return new Command(
            List.of(prepend(root.resolve("deploy/local").resolve(script).toString(), arguments)),
            Map.of(),
            timeout)
        .run();
  }

  private static String[] prepend(String first, String... rest) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(rest));
    return all.toArray(String[]::new);
  }

  private static String environment(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }
}
