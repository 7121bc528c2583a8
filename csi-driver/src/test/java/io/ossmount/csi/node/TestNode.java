package io.ossmount.csi.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.testing.CachePodProcess;
import io.ossmount.csi.testing.FakeCluster;
import io.ossmount.csi.testing.FakeEvents;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.MountOptions;
import io.ossmount.csi.volume.Publication;
import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeId;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A node with kubelet's and the driver's directories, the plugin (in this process, to be restarted)
 * and cache pods (processes of their own). Needs root and /dev/fuse. One OssMount: ml/data.
 */
final class TestNode implements AutoCloseable {
  /** Of this process: a directory that any mount of the machine shows is in use. */
  static final String UID = "u-" + ProcessHandle.current().pid();

  static final String VOLUME = UID + ".pvc-1";
  static final Duration LONG = Duration.ofSeconds(60);

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
  }

  final FakeCluster cluster = new FakeCluster();
  final FakeEvents events = new FakeEvents();
  private final Path root;
  private final NodeSettings settings;
  private final List<CachePodProcess> pods = new ArrayList<>();
  private final KernelMounter kernel = new KernelMounter();
  private Mounter mounter = kernel;
  private KubeletVolumes plugin;

  TestNode(Path root) throws Exception {
    assertThat(Files.isWritable(Path.of("/dev/fuse"))).as("needs root and /dev/fuse").isTrue();
    this.root = root;
    settings = new NodeSettings("node-1", root.resolve("kubelet"), root.resolve("cache"), 65_532);
    Files.createDirectories(settings.kubeletDir());
    Files.createDirectories(settings.cacheDir());
    cluster.put("ml", "data", UID, "spec: {bucket: b}");
    directories().prepare(UID);
    plugin = start();
  }

  /** The plugin ends, as for an upgrade, and another one starts. */
  void restartPlugin() throws InterruptedException {
    plugin.close();
    plugin = start();
  }

  /** What the kernel does is done by {@code other} from now on, in a new plugin. */
  void restartPluginWith(Mounter other) throws InterruptedException {
    mounter = other;
    restartPlugin();
  }

  /** The plugin is told to end, and goes on for so long at most while a mount needs it. */
  void endPlugin(Duration within) throws InterruptedException {
    plugin.awaitOtherHolders(Deadline.after(within));
    plugin.close();
  }

  void stopPlugin() {
    plugin.close();
  }

  void startPlugin() throws InterruptedException {
    plugin = start();
  }

  private KubeletVolumes start() throws InterruptedException {
    var volumes = new KubeletVolumes(settings, cluster, events, mounter);
    volumes.start();
    return volumes;
  }

  KernelMounter kernel() {
    return kernel;
  }

  /** A cache pod of the OssMount; see {@link io.ossmount.csi.testing.CachePodMain}. */
  CachePodProcess startPod(String name, String behaviour) {
    var pod = CachePodProcess.start(directories().socket(UID), name, behaviour);
    pods.add(pod);
    return pod;
  }

  NodeDirectories directories() {
    return new NodeDirectories(settings.cacheDir(), settings.podUser());
  }

  NodeSettings settings() {
    return settings;
  }

  /** Where the volume of a pod appears. */
  TargetPath target(String pod) {
    var path = settings.kubeletDir().resolve("pods/" + pod + "/volumes/kubernetes.io~csi/pv/mount");
    return TargetPath.parse(path.toString(), settings.kubeletDir());
  }

  /** What {@code publish} is asked for: options and context over a plain writable volume. */
  Publication publication(String pod, String group, List<String> options) {
    return publication(pod, Map.of(), group, options);
  }

  Publication publication(
      String pod, Map<String, String> context, String group, List<String> options) {
    var all = new HashMap<String, String>();
    all.put("ossmount.io/namespace", "ml");
    all.put("ossmount.io/name", "data");
    all.put("ossmount.io/uid", UID);
    all.putAll(context);
    return Publication.parse(
        new Publication.Request(
            new VolumeId(VOLUME), target(pod), all, false, MountOptions.parse(options), group));
  }

  /** A volume that stands in the pod itself, as the operator writes it into cache pods. */
  Publication cacheDirectory(String pod, String uid) {
    return Publication.parse(
        new Publication.Request(
            new VolumeId("csi-" + pod),
            target(pod),
            Map.of(
                "role", "cache",
                "ossMount", "data",
                "csi.storage.k8s.io/ephemeral", "true",
                "csi.storage.k8s.io/pod.namespace", "ml",
                "csi.storage.k8s.io/pod.name", pod,
                "csi.storage.k8s.io/pod.uid", uid),
            false,
            MountOptions.NONE,
            ""));
  }

  void publish(String pod) throws InterruptedException {
    publish(publication(pod, "", List.of()), LONG);
  }

  void publish(Publication publication, Duration within) throws InterruptedException {
    plugin.publish(publication, Deadline.after(within));
  }

  void unpublish(String pod) throws InterruptedException {
    plugin.unpublish(new VolumeId(VOLUME), target(pod), Deadline.after(LONG));
  }

  /** What the plugin counts. */
  FdStore.Counts counts() {
    return plugin.counts();
  }

  /** All FUSE mounts of this node. */
  List<MountEntry> fuseMounts() {
    return mounts().stream().filter(MountEntry::isFuse).toList();
  }

  /** Those of them that are sessions. */
  List<MountEntry> sessions() {
    return fuseMounts().stream().filter(mount -> mount.target().contains("/sessions/")).toList();
  }

  /** Nothing is left of any volume: no mount, no directory, no target. */
  void assertNothingIsLeft() {
    assertThat(mounts()).isEmpty();
    assertThat(filesOf(settings.cacheDir().resolve("sessions"))).isEmpty();
  }

  List<MountEntry> mounts() {
    try {
      return MountTable.read().entries().stream()
          .filter(mount -> mount.target().startsWith(root + "/"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> filesOf(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends everything; a mount that is left would hang who removes the directory. */
  @Override
  public void close() throws IOException {
    plugin.close();
    pods.forEach(CachePodProcess::close);
    var left = new ArrayList<>(mounts());
    left.sort(Comparator.comparing(MountEntry::target).reversed());
    for (var mount : left) {
      FuseMount.abort(Path.of(mount.target()));
    }
    kernel.close();
  }
}
