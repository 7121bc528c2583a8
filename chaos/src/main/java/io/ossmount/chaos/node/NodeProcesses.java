package io.ossmount.chaos.node;

import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.scene.Child;
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
import io.ossmount.csi.CsiDriverMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A node in processes of this machine: the OSS emulator, the node plugin, the server with the
 * rights that it has in a cache pod, and a volume that is published as kubelet does it. Needs root
 * and /dev/fuse.
 */
public final class NodeProcesses implements Scene {
  /** Pod whose volume the workloads use. */
  private static final String APPLICATION = "app";

  /** One that comes for a moment. */
  private static final String VISITOR = "visitor";

  private static final String VISIT_SECONDS = "20";
  private static final String CACHE_POD = "cache";
  private static final String LOOPBACK = "127.0.0.1";
  private static final String TRAINING = "training";

  /**
   * What is asked while one server is killed and the next one goes on; as in the image's training.
   */
  private static final String READS =
      """
      cd "$1"
      exec 3<seq/part-0
      while :; do ls -lR tree; cat small/*/*; done >/dev/null 2>&1
      """;

  private static final String WORK =
      """
      cd "$1"
      ls -lR tree nothing >/dev/null 2>&1 || true
      cat small/*/* seq/part-0 >/dev/null
      echo new >new; mkdir made; mv new made; rm -r made
      mkdir made
      for i in 1 2 3 4 5 6 7 8 9; do echo "$i" >made/"$i"; echo more >>made/"$i"; done
      mv made/1 made/2; mv made/3 made/three; rm made/4; chmod 600 made/5; touch made/6; cp made/7 made/seven
      head -c 1 made/absent 2>/dev/null || true
      dd if=/dev/zero of=made/large bs=1M count=24 conv=fsync status=none
      rm -r made
      """;
  private static final long CACHE_BYTES = 160L << 20;

  private static final Map<String, String> SERVER_ENVIRONMENT =
      Map.of(
          "OSSMOUNT_POD_NAME", Names.CACHE_POD,
          "OSSMOUNT_POD_NAMESPACE", Names.NAMESPACE,
          "OSSMOUNT_POD_UID", Names.CACHE_POD_UID,
          "OSSMOUNT_LOG_FORMAT", "text");

  private final Place place;
  private final Programs programs;
  private final Kubelet kubelet;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Disk disk;
  private final Emulator emulator;
  private final ServerKeeper server;
  private final Pace restarts = Pace.ofRestarts();
  private Child plugin;

  private NodeProcesses(Place place, Dataset data, Settings settings)
      throws IOException, InterruptedException {
    this.place = place;
    this.kubelet = keep(new Kubelet(place.kubelet()));
    this.programs = Programs.copyTo(place.work().resolve("lib"));
    Files.createDirectories(place.kubelet());
    Files.createDirectories(place.configuration());
    Files.createDirectories(place.control());
    Command.run("mount", "-t", "fusectl", "none", place.control().toString());
    this.disk = keep(Disk.mount(place.work().resolve("disk"), place.cache()));
    var seed = place.work().resolve("seed");
    data.write(seed);
    var objects = place.work().resolve("objects");
    this.emulator = keep(Emulator.start(programs, LOOPBACK, objects, place.log("emulator"), seed));
    Trees.delete(seed);
    var api = keep(ApiServer.start());
    api.writeConfiguration(place.kubeconfig());
    writeConfiguration(settings.writeMode());
    this.plugin = startPlugin();
    keep(() -> plugin.close());
    kubelet.awaitPlugin();
    kubelet.publishCacheDirectory(CACHE_POD);
    enterPod();
    var command = new ServerProgram(programs, place).command(this::train);
    var environment = new HashMap<>(SERVER_ENVIRONMENT);
    environment.putAll(settings.ofServer());
    if (ServerProgram.isSupervised()) {
      environment.put("OSSMOUNT_PULSE", place.pulse().toString());
    }
    var keeper = new DirectKeeper(() -> Child.start(command, environment, place.log("server")));
    this.server = keep(ServerProgram.isSupervised() ? new SupervisedKeeper(keeper) : keeper);
    Files.createDirectories(place.subPaths());
    Files.createSymbolicLink(place.subPaths().resolve(Dataset.SMALL), kubelet.subPath(APPLICATION));
    publish();
  }

  /** Starts everything; should that fail, {@link #sweep} takes away what there is. */
  public static NodeProcesses start(Place place, Dataset data)
      throws IOException, InterruptedException {
    return start(place, data, new Settings(WriteMode.Through, Map.of()));
  }

  /**
   * What is not always the same.
   *
   * @param writeMode of the OssMount
   * @param ofServer more variables of the server's environment
   */
  public record Settings(WriteMode writeMode, Map<String, String> ofServer) {}

  /** The same with other settings than the usual ones. */
  public static NodeProcesses start(Place place, Dataset data, Settings settings)
      throws IOException, InterruptedException {
    Files.createDirectories(place.logs());
    // The user of cache pods has to get through.
    Files.setPosixFilePermissions(place.work(), PosixFilePermissions.fromString("rwxr-xr-x"));
    return new NodeProcesses(place, data, settings);
  }

  /** Kills all processes that this one has started, and takes away what is left of a node. */
  public static void sweep(Place place) {
    Sweep.abort(place);
    Sweep.killDescendants();
    Sweep.all(place);
  }

  @Override
  public Crew crew() {
    return new LocalCrew(volume(), place.subPaths(), place.work().resolve("scratch"));
  }

  Path volume() {
    return kubelet.target(APPLICATION);
  }

  @Override
  public Emulator emulator() {
    return emulator;
  }

  /** Who serves, and is started again. */
  public ServerKeeper server() {
    return server;
  }

  @Override
  public FuseConnection connection() throws IOException {
    return FuseConnection.at(volume(), place.control());
  }

  @Override
  public Pace restarts() {
    return restarts;
  }

  @Override
  public long serverPid() {
    return server.pid();
  }

  @Override
  public Path staging() {
    return place.ossMount().resolve("cache/staging");
  }

  @Override
  public Path blocks() {
    return place.ossMount().resolve("cache/blocks");
  }

  @Override
  public Disk disk() {
    return disk;
  }

  @Override
  public synchronized long pluginPid() {
    return plugin.pid();
  }

  @Override
  public Map<String, Long> processes() {
    var processes = new HashMap<>(server.processes());
    processes.put("plugin", pluginPid());
    return processes;
  }

  @Override
  public List<String> surplus() throws IOException {
    return Surplus.of(place, Set.of(volume(), kubelet.subPath(APPLICATION)));
  }

  @Override
  public List<String> visit() throws InterruptedException {
    try {
      kubelet.publish(VISITOR);
      try {
        var file = kubelet.target(VISITOR).resolve(Dataset.small().getLast().path());
        Command.run("timeout", "--signal=KILL", VISIT_SECONDS, "cat", file.toString());
      } finally {
        kubelet.unpublish(VISITOR);
      }
      return List.of();
    } catch (IOException e) {
      return List.of("a pod that came and went: " + e.getMessage());
    }
  }

  /** SIGKILL of the plugin. */
  public synchronized void killPlugin() throws InterruptedException {
    plugin.kill();
  }

  /** Starts the plugin again; kubelet would not wait for it either. */
  public synchronized void startPluginAgain() throws IOException {
    plugin = startPlugin();
  }

  /** Publishes the volume again, as kubelet does from time to time, and waits until it is there. */
  public void publishAgain() throws IOException, InterruptedException {
    kubelet.publishCacheDirectory(CACHE_POD);
    kubelet.publish(APPLICATION);
  }

  /** The volume disappears and appears again: what had it open has lost it. */
  @Override
  public void mend() throws IOException, InterruptedException {
    kubelet.publishCacheDirectory(CACHE_POD);
    unpublish();
    publish();
  }

  private void publish() throws IOException, InterruptedException {
    kubelet.publish(APPLICATION);
    kubelet.bindSubPath(APPLICATION, Dataset.SMALL);
  }

  private void unpublish() throws IOException, InterruptedException {
    kubelet.unbindSubPath(APPLICATION);
    kubelet.unpublish(APPLICATION);
  }

  /** The pods are gone: their volumes disappear. */
  @Override
  public void leave() throws IOException, InterruptedException {
    unpublish();
    server.close();
    Command.run("umount", place.pod().toString());
    kubelet.unpublishCacheDirectory(CACHE_POD);
  }

  @Override
  public List<String> remains() throws IOException {
    return Surplus.ofNothing(place);
  }

  /** What a container runtime does: kubelet's own directories are closed to the pod's user. */
  private void enterPod() throws IOException, InterruptedException {
    Files.createDirectories(place.pod());
    Command.run("mount", "--bind", kubelet.target(CACHE_POD).toString(), place.pod().toString());
  }

  private Child startPlugin() throws IOException {
    var command = programs.java(CsiDriverMain.class.getName(), List.of("-Xmx128m"));
    command.add("node");
    return Child.start(
        command,
        Map.of(
            "NODE_NAME", Names.NODE,
            "KUBELET_DIR", place.kubelet().toString(),
            "CACHE_DIR", place.cache().toString(),
            "HEALTH_PORT", Integer.toString(Emulator.freePort()),
            "KUBECONFIG", place.kubeconfig().toString()),
        place.log("plugin"));
  }

  /** Publishes the volume, reads from it and lists it, and lets the server end. */
  private void train(List<String> first, List<String> second)
      throws IOException, InterruptedException {
    System.out.println("the server's AOT cache is made");
    try (var killed = Child.start(first, SERVER_ENVIRONMENT, place.log("server"))) {
      kubelet.publish(TRAINING);
      var target = kubelet.target(TRAINING).toString();
      var reads = List.of("sh", "-c", READS, "sh", target);
      try (var reader = Child.start(reads, Map.of(), place.log("training"))) {
        Command.run("sh", "-ec", "cat \"$1\"/small/*/* >/dev/null", "sh", target);
        killed.kill();
        try (var learning = Child.start(second, SERVER_ENVIRONMENT, place.log("server"))) {
          Command.run("sh", "-ec", WORK, "sh", target);
          reader.kill();
          kubelet.unpublish(TRAINING);
          learning.endInGoodOrder();
        }
      }
    }
  }

  private void writeConfiguration(WriteMode writeMode) throws IOException, InterruptedException {
    var directory = place.configuration();
    Certificates.make(directory);
    Files.writeString(
        directory.resolve("mount.json"),
        """
        {"namespace": "%s", "name": "%s", "uid": "%s",
         "source": {"bucket": "%s", "endpoint": "%s", "region": "%s", "addressingStyle": "PATH",
                    "credentials": {"accessKeyId": "%s", "accessKeySecret": "%s"}},
         "cache": {"sizeBytes": "%d", "keepFreeBytes": "8388608", "readAheadBytes": "16777216"},
         "write": {"mode": "WRITE_MODE_%s"},
         "timeouts": {"connect": "2s", "operation": "%ds"}}
        """
            .formatted(
                Names.NAMESPACE,
                Names.OSS_MOUNT,
                Names.OSS_MOUNT_UID,
                Names.BUCKET,
                emulator.endpoint(),
                Names.REGION,
                Names.KEY,
                Names.SECRET,
                CACHE_BYTES,
                writeMode.name().toUpperCase(Locale.ROOT),
                OPERATION.toSeconds()));
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    Sweep.abort(place);
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.err.println("at the end: " + e);
      }
    }
  }
}
