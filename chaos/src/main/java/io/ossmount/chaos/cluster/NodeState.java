package io.ossmount.chaos.cluster;

import io.ossmount.chaos.scene.Trees;
import io.ossmount.fuse.kernel.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the product has on a node: mounts, sessions, files and processes.
 *
 * @param uid of the OssMount
 */
record NodeState(LocalCluster cluster, String node, String uid) {
  private static final Path PLUGIN_DIRECTORY = Path.of("/var/lib/ossmount");

  static final Path CACHES = PLUGIN_DIRECTORY.resolve("mounts");

  private static final Path SESSIONS = PLUGIN_DIRECTORY.resolve("sessions");
  private static final String VOLUMES = "/volumes/kubernetes.io~csi/";
  private static final String SUB_PATHS = "/volume-subpaths/";

  /** Whether it is for a pod: whole, or a sub-path. */
  static boolean isPublished(MountEntry mount) {
    return mount.isFuse() && isOfPod(mount);
  }

  private static boolean isOfPod(MountEntry mount) {
    return mount.target().contains(VOLUMES) || mount.target().contains(SUB_PATHS);
  }

  /** The node's directory of the cache. */
  Path cache() {
    return cluster.ofNode(node, CACHES.resolve(uid).resolve("cache"));
  }

  /**
   * What these pods do not need.
   *
   * @param pods UIDs of all that there are
   */
  List<String> surplus(Set<String> pods) throws IOException {
    return surplus(mounts(), sessions(), pods).stream().map(this::here).toList();
  }

  /** The same, of what there is. */
  static List<String> surplus(List<MountEntry> mounts, Set<String> sessions, Set<String> pods) {
    var surplus = new ArrayList<String>();
    var devices = new TreeSet<String>();
    for (var mount : mounts) {
      if (mount.isFuse()) {
        devices.add(mount.device());
      }
      if (isOfPod(mount) && pods.stream().noneMatch(pod -> isIn(pod, mount))) {
        surplus.add("mount " + mount.target() + " of a pod that is gone");
      }
    }
    if (devices.size() > 1 || sessions.size() > 1) {
      surplus.add("sessions %s in %s".formatted(devices, sessions));
    }
    return surplus;
  }

  private static boolean isIn(String pod, MountEntry mount) {
    return mount.target().contains("/pods/" + pod + "/");
  }

  /** What is there when nobody uses the OssMount any more. */
  List<String> remains() throws IOException {
    var remains = new ArrayList<String>();
    mounts().forEach(mount -> remains.add("mount " + mount.target()));
    sessions().forEach(session -> remains.add("session " + session));
    Trees.files(cache()).forEach(file -> remains.add("cached " + file));
    for (var part : List.of(Product.SUPERVISOR, Product.SERVER)) {
      new GroupProcesses(node).of(part).forEach(pid -> remains.add(part + " process " + pid));
    }
    return remains.stream().map(this::here).toList();
  }

  private String here(String line) {
    return node + ": " + line;
  }

  /** Of sessions, of volumes in pods, and of the OssMount's directory in cache pods. */
  private List<MountEntry> mounts() throws IOException {
    return cluster.mounts(node).entries().stream()
        .filter(mount ->
            isPublished(mount)
                || mount.target().startsWith(SESSIONS + "/")
                || mount.root().contains("/" + uid))
        .toList();
  }

  /** Their names. Nothing is asked of what is mounted there. */
  private Set<String> sessions() throws IOException {
    var sessions = cluster.ofNode(node, SESSIONS);
    if (!Files.isDirectory(sessions)) {
      return Set.of();
    }
    try (var entries = Files.list(sessions)) {
      return entries
          .map(entry -> entry.getFileName().toString().replaceAll("\\.(properties|new)$", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
