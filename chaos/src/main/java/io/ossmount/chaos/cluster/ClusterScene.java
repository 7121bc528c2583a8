package io.ossmount.chaos.cluster;

import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Crew;
import io.ossmount.chaos.scene.Disk;
import io.ossmount.chaos.scene.Emulator;
import io.ossmount.chaos.scene.FuseConnection;
import io.ossmount.chaos.scene.Names;
import io.ossmount.chaos.scene.Pace;
import io.ossmount.chaos.scene.Programs;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.scene.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The local cluster with OssMount installed by its chart, an OssMount of an emulator that is a
 * process of this machine, and pods of the first node that use it.
 */
public final class ClusterScene implements Scene {
  static final String NODE = "node-1";
  static final String OTHER_NODE = "node-2";

  private static final Duration PATIENCE = Duration.ofSeconds(110);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final String NOT_DELETED =
      "go-template={{range .items}}{{if not .metadata.deletionTimestamp}}{{.metadata.name}} {{end}}{{end}}";

  private final LocalCluster cluster;
  private final Path work;
  private final PodCrew crew;
  private final Health health;
  private final Pace restarts = Pace.ofRestarts();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Emulator emulator;
  private final Disk disk;
  private final Path control;
  private final String uid;
  private final ApiObjects objects;
  private Set<String> volumes = Set.of();
  private List<String> notDeleted = List.of();
  private volatile long server;

  private ClusterScene(Path root, Path work, Path logs, Dataset data, WriteMode writeMode)
      throws IOException, InterruptedException {
    this.cluster = new LocalCluster(root);
    this.objects = new ApiObjects(cluster);
    this.work = work;
    this.health = new Health(cluster);
    this.crew = new PodCrew(cluster, NODE, Files.createDirectories(work.resolve("scratch")));
    this.control = Files.createDirectories(work.resolve("fusectl"));
    Command.run("mount", "-t", "fusectl", "none", control.toString());
    parts.push(() -> Command.tryRun("umount", control.toString()));
    var seed = work.resolve("seed");
    data.write(seed);
    var programs = Programs.copyTo(work.resolve("lib"));
    emulator =
        Emulator.start(
            programs,
            LocalCluster.MACHINE,
            work.resolve("objects"),
            logs.resolve("emulator.log"),
            seed);
    parts.push(emulator);
    Trees.delete(seed);
    cluster.install("");
    removeNamespace();
    disk = giveDisk();
    parts.push(this::takeDisk);
    parts.push(this::removeNamespace);
    cluster.apply(objects(writeMode));
    uid =
        cluster.kubectl(
            "-n",
            Names.NAMESPACE,
            "get",
            "ossmount",
            Names.OSS_MOUNT,
            "-o",
            "jsonpath={.metadata.uid}");
    awaitServing();
  }

  /**
   * Starts all but the workloads.
   *
   * @param root of the project's checkout, whose cluster is up and has its images
   * @param work directory for files
   * @param logs directory for logs
   * @param writeMode of the OssMount
   */
  public static ClusterScene start(
      Path root, Path work, Path logs, Dataset data, WriteMode writeMode)
      throws IOException, InterruptedException {
    Files.createDirectories(logs);
    return new ClusterScene(root, work, logs, data, writeMode);
  }

  /** A node sees what its disk has when it starts. */
  private Disk giveDisk() throws IOException, InterruptedException {
    return cluster.whileStopped(
        NODE, () -> Disk.mount(work.resolve("disk"), cluster.ofNode(NODE, NodeState.CACHES)));
  }

  private void takeDisk() throws IOException, InterruptedException {
    Disk _ =
        cluster.whileStopped(
            NODE,
            () -> {
              disk.close();
              return disk;
            });
  }

  private String objects(WriteMode writeMode) {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: %1$s}
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: oss-credentials, namespace: %1$s}
    stringData: {accessKeyId: %2$s, accessKeySecret: %3$s}
    ---
    apiVersion: ossmount.io/v1alpha1
    kind: OssMount
    metadata: {name: %4$s, namespace: %1$s}
    spec:
      bucket: %5$s
      endpoint: %6$s
      region: %7$s
      addressingStyle: Path
      secretRef: {name: oss-credentials}
      cache:
        size: 160Mi
        keepFree: 64Mi
        readAhead: 16Mi
        replicas: 0
        resources: {requests: {cpu: 100m, memory: 512Mi}, limits: {memory: 768Mi}}
      timeouts: {operation: %8$ds}
      write: {mode: %9$s}
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: {name: %4$s, namespace: %1$s}
    spec:
      accessModes: [ReadWriteMany]
      storageClassName: ossmount
      resources: {requests: {storage: 1Gi}}
    """
        .formatted(
            Names.NAMESPACE,
            Names.KEY,
            Names.SECRET,
            Names.OSS_MOUNT,
            Names.BUCKET,
            emulator.endpoint(),
            Names.REGION,
            OPERATION.toSeconds(),
            writeMode);
  }

  LocalCluster cluster() {
    return cluster;
  }

  @Override
  public Emulator emulator() {
    return emulator;
  }

  @Override
  public Crew crew() {
    return crew;
  }

  @Override
  public FuseConnection connection() throws IOException {
    var mount =
        cluster.mounts(NODE).entries().stream()
            .filter(NodeState::isPublished)
            .findFirst()
            .orElseThrow(() -> new IOException("no volume of the OssMount is published"));
    return FuseConnection.of(mount, control);
  }

  @Override
  public Pace restarts() {
    return restarts;
  }

  @Override
  public long serverPid() throws IOException {
    var node = new GroupProcesses(NODE);
    if (server == 0 || !node.has(server)) {
      server = node.server().orElse(server);
    }
    return server;
  }

  @Override
  public long pluginPid() throws IOException {
    return one(Product.PLUGIN, NODE);
  }

  /** Id of the process that is this part of the product on a node. */
  static long one(Product product, String node) throws IOException {
    var found = new GroupProcesses(node).of(product);
    if (found.isEmpty()) {
      throw new IOException("no " + product + " runs on " + node);
    }
    return found.getLast();
  }

  @Override
  public Path staging() {
    return cache().resolve("staging");
  }

  @Override
  public Disk disk() {
    return disk;
  }

  @Override
  public Path blocks() {
    return cache().resolve("blocks");
  }

  private Path cache() {
    return node(NODE).cache();
  }

  private NodeState node(String name) {
    return new NodeState(cluster, name, uid);
  }

  @Override
  public Map<String, Long> processes() throws IOException {
    var processes = new HashMap<String, Long>();
    for (var node : List.of(OTHER_NODE, NODE)) {
      for (var part : Product.values()) {
        var here = new GroupProcesses(node);
        var found = part == Product.SERVER ? here.server().stream().toList() : here.of(part);
        var name = part.name().toLowerCase(Locale.ROOT);
        // Both nodes have a plugin; the rest may move from one to the other.
        var isOther = part == Product.PLUGIN && node.equals(OTHER_NODE);
        found.forEach(pid -> processes.put(isOther ? name + " of " + node : name, pid));
      }
    }
    return processes;
  }

  @Override
  public List<String> surplus() throws IOException, InterruptedException {
    var pods = objects.podUids();
    var surplus = new ArrayList<String>();
    for (var name : List.of(NODE, OTHER_NODE)) {
      surplus.addAll(node(name).surplus(pods));
    }
    var cachePods = objects.cachePods();
    var here = cachePods.getOrDefault(NODE, List.of());
    if (here.size() != 1 || cachePods.size() > 1) {
      surplus.add("cache pods " + cachePods + ", while volumes are on " + NODE + " only");
    }
    return surplus;
  }

  @Override
  public List<String> visit() throws InterruptedException {
    return new Visitor(cluster, NODE).visit();
  }

  /** Names of the workloads' pods that have no Event of this reason since then. */
  Set<String> podsWithoutEvent(String reason, Instant since)
      throws IOException, InterruptedException {
    return objects.podsWithoutEvent(reason, since);
  }

  /** Name of the cache pod on the node; empty: there is none. */
  Optional<String> cachePod() throws IOException, InterruptedException {
    return cluster
        .kubectl(
            "-n",
            Names.NAMESPACE,
            "get",
            "pods",
            "--selector=app.kubernetes.io/component=cache",
            "--field-selector=spec.nodeName=" + NODE,
            "-o",
            NOT_DELETED)
        .lines()
        .flatMap(line -> Arrays.stream(line.split(" ", -1)))
        .filter(name -> !name.isEmpty())
        .findFirst();
  }

  /**
   * kubelet lets a container that has ended before wait longer and longer until it is started: a
   * new pod begins anew.
   */
  void freshen(Product part) throws IOException, InterruptedException {
    var pods =
        cluster.kubectl(
            "-n",
            part.namespace(),
            "get",
            "pods",
            "--selector=app.kubernetes.io/component=" + part.component(),
            "-o",
            "go-template={{range .items}}{{.metadata.name}} {{range .status.containerStatuses}}{{.restartCount}} {{end}}{{\"\\n\"}}{{end}}");
    for (var pod : pods.lines().map(line -> line.strip().split(" ", -1)).toList()) {
      var isFresh = Arrays.stream(pod).skip(1).allMatch("0"::equals);
      if (!isFresh) {
        cluster.kubectl("-n", part.namespace(), "delete", "pod", pod[0], "--timeout=50s");
        awaitServing();
      }
    }
  }

  /** Whether the cache pod has images with this tag, before long. */
  boolean awaitImage(String tag) throws IOException, InterruptedException {
    return Await.until(PATIENCE, POLL, () -> images().endsWith(":" + tag));
  }

  private String images() throws IOException, InterruptedException {
    return cluster.kubectl(
        "-n",
        Names.NAMESPACE,
        "get",
        "pods",
        "--selector=app.kubernetes.io/component=" + Product.SERVER.component(),
        "-o",
        "jsonpath={.items[*].spec.containers[0].image}");
  }

  /** Whether all pods of the product are there and the OssMount is served, before long. */
  boolean awaitServing() throws IOException, InterruptedException {
    return Await.until(PATIENCE, POLL, health::isGood);
  }

  /** New pods get the volume anew. */
  @Override
  public void mend() throws IOException, InterruptedException {
    if (!awaitServing()) {
      throw new IOException("the OssMount does not get Ready again");
    }
  }

  @Override
  public void leave() throws IOException, InterruptedException {
    volumes = objects.volumes();
    notDeleted = objects.delete();
  }

  @Override
  public List<String> remains() throws IOException, InterruptedException {
    var remains = new ArrayList<>(notDeleted);
    remains.addAll(objects.left(volumes));
    for (var name : List.of(NODE, OTHER_NODE)) {
      remains.addAll(node(name).remains());
    }
    return remains;
  }

  private void removeNamespace() {
    for (var kind : List.of("pods", "pvc", "ossmounts")) {
      cluster.tryKubectl(
          "-n", Names.NAMESPACE, "delete", kind, "--all", "--timeout=40s", "--ignore-not-found");
    }
    cluster.tryKubectl("delete", "namespace", Names.NAMESPACE, "--timeout=40s");
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.err.println("at the end: " + e);
      }
    }
    try {
      Trees.delete(work);
    } catch (IOException e) {
      System.err.println("left behind in " + work + ": " + e);
    }
  }
}
