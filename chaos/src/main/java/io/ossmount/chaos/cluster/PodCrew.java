package io.ossmount.chaos.cluster;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Crew;
import io.ossmount.chaos.scene.Names;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Pods with the volume, one for each process. A container has busybox, and from the node this
 * machine's Java and C library; its input and output are named pipes, so that it can be talked to
 * whatever becomes of kubelet, containerd and the API server.
 */
final class PodCrew implements Crew {
  /** Label {@code app} of each pod. */
  static final String APPLICATION = "worker";

  private static final Path VOLUME = Path.of("/data");
  private static final Path SUB_PATHS = Path.of("/sub");
  private static final Duration POLL = Duration.ofMillis(500);

  private final LocalCluster cluster;
  private final String node;
  private final Path scratch;
  private final AtomicInteger numbers = new AtomicInteger();

  PodCrew(LocalCluster cluster, String node, Path scratch) {
    this.cluster = cluster;
    this.node = node;
    this.scratch = scratch;
  }

  @Override
  public Path volume() {
    return VOLUME;
  }

  @Override
  public Path subPaths() {
    return SUB_PATHS;
  }

  @Override
  public Path scratch() {
    return scratch;
  }

  @Override
  public Member start(Class<?> main, List<String> arguments, Path directory)
      throws IOException, InterruptedException {
    var name = "worker-" + numbers.incrementAndGet();
    var pipes = Files.createDirectories(scratch.resolve(name));
    Command.run("mkfifo", pipes.resolve("in").toString(), pipes.resolve("out").toString());
    cluster.apply(pod(name, shell(command(main, arguments), directory, pipes)));
    return new PodMember(cluster, name, pipes);
  }

  private List<String> command(Class<?> main, List<String> arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx128m",
                "-cp",
                classes(main).toString(),
                main.getName()));
    command.addAll(arguments);
    return command;
  }

  /** Copies what {@code main} comes from; workloads need nothing else. */
  private Path classes(Class<?> main) throws IOException {
    try {
      var from = Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
      var to = scratch.resolve("classes");
      try (var files = Files.walk(from)) {
        for (var file : files.toList()) {
          var copy = to.resolve(from.relativize(file).toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(copy);
          } else {
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
      return to;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** Words of a container: a shell that goes to the directory and becomes the program. */
  private static List<String> shell(List<String> command, Path directory, Path pipes) {
    var words = new ArrayList<>(List.of("sh", "-ec"));
    words.add("cd \"$1\"; in=$2/in out=$2/out; shift 2; exec \"$@\" <\"$in\" >\"$out\"");
    words.addAll(List.of("sh", directory.toString(), pipes.toString()));
    words.addAll(command);
    return words;
  }

  private String pod(String name, List<String> words) {
    var fromNode = new LinkedHashMap<String, Path>();
    fromNode.put("usr", Path.of("/usr"));
    fromNode.put("lib", Path.of("/lib"));
    fromNode.put("lib64", Path.of("/lib64"));
    fromNode.put("scratch", scratch);
    var java = Path.of(System.getProperty("java.home"));
    if (!java.startsWith("/usr")) {
      fromNode.put("java", java);
    }
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: %s, labels: {app: %s}}
    spec:
      nodeName: %s
      restartPolicy: Never
      terminationGracePeriodSeconds: 1
      containers:
      - name: worker
        image: ossmount.local/busybox:1
        command: [%s]
        volumeMounts:
        - {name: data, mountPath: %s}
        - {name: data, mountPath: %s, subPath: %s}
    %s
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: %s}
    %s
    """
        .formatted(
            name,
            Names.NAMESPACE,
            APPLICATION,
            node,
            words.stream().map(PodCrew::quoted).collect(Collectors.joining(", ")),
            VOLUME,
            SUB_PATHS.resolve(Dataset.SMALL),
            Dataset.SMALL,
            lines(fromNode, "    - {name: %s, mountPath: %s}"),
            Names.OSS_MOUNT,
            lines(fromNode, "  - {name: %s, hostPath: {path: %s}}"));
  }

  private static String lines(Map<String, Path> volumes, String line) {
    return volumes.entrySet().stream()
        .map(entry -> line.formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "''") + "'";
  }

  private static final class PodMember implements Member {
    private final LocalCluster cluster;
    private final String name;
    private final Path pipes;
    private final Closeable input;

    PodMember(LocalCluster cluster, String name, Path pipes) throws IOException {
      this.cluster = cluster;
      this.name = name;
      this.pipes = pipes;
      // Opened for both, as it does not wait for the other side then.
      this.input = new RandomAccessFile(pipes.resolve("in").toFile(), "rw");
    }

    @Override
    public InputStream output() throws IOException {
      return Files.newInputStream(pipes.resolve("out"));
    }

    @Override
    public void tellToEnd() throws IOException {
      input.close();
    }

    @Override
    public boolean awaitEnd(Duration within) throws InterruptedException {
      try {
        return Await.until(within, POLL, () -> phase().matches("Succeeded|Failed"));
      } catch (IOException _) {
        return false;
      }
    }

    private String phase() throws IOException, InterruptedException {
      return cluster.kubectl(
          "-n", Names.NAMESPACE, "get", "pod", name, "-o", "jsonpath={.status.phase}");
    }

    @Override
    public void kill() {
      cluster.tryKubectl(
          "-n", Names.NAMESPACE, "delete", "pod", name, "--ignore-not-found", "--timeout=50s");
    }
  }
}
