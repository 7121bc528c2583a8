package io.ossmount.chaos.node;

import io.ossmount.chaos.scene.Names;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Directories of a node.
 *
 * @param work everything is below it; short, since unix sockets are, and on a disk's file system
 * @param logs of the processes; stays
 * @param aotCaches of the server, kept from run to run; empty: it has none
 */
public record Place(Path work, Path logs, Optional<Path> aotCaches) {
  Path kubelet() {
    return work.resolve("k");
  }

  Path cache() {
    return work.resolve("c");
  }

  Path configuration() {
    return work.resolve("etc");
  }

  /** The node's directory of the OssMount, as the cache pod sees it. */
  Path pod() {
    return work.resolve("pod");
  }

  /** What a container with a sub-path of the volume has. */
  Path subPaths() {
    return work.resolve("sub");
  }

  /** The server's pulse: in memory, as in a pod. */
  Path pulse() {
    return Path.of("/dev/shm", work.getFileName() + "-pulse");
  }

  Path control() {
    return work.resolve("fusectl");
  }

  Path kubeconfig() {
    return work.resolve("kubeconfig");
  }

  /** What the plugin and the server share, on the node. */
  Path ossMount() {
    return cache().resolve("mounts").resolve(Names.OSS_MOUNT_UID);
  }

  /** Sessions of the plugin. */
  Path sessions() {
    return cache().resolve("sessions");
  }

  Path log(String name) {
    return logs.resolve(name + ".log");
  }
}
