package io.ossmount.csi.node;

import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountStatus.CachePod;
import io.ossmount.csi.cluster.Cluster;
import io.ossmount.csi.fdstore.PodListeners;
import io.ossmount.csi.volume.Publication.CacheDirectory;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.csi.volume.VolumeException.NotAllowed;
import io.ossmount.csi.volume.VolumeException.NotFound;
import io.ossmount.csi.volume.VolumeException.PublishedOtherwise;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import io.ossmount.fuse.kernel.BindMount;
import java.io.IOException;
import java.util.List;

/**
 * Gives a cache pod the node's directory of its OssMount, and no one else: anyone may make a pod
 * that asks, and labels and owner references can be forged, so the pod has to stand in the status
 * of the OssMount, which only the operator writes.
 */
final class CacheDirectories {
  private static final BindMount.Options DATA_ONLY = new BindMount.Options(false, false, false);

  private final String nodeName;
  private final Cluster cluster;
  private final Mounter mounter;
  private final NodeDirectories directories;
  private final PodListeners listeners;
  private final Targets targets;

  CacheDirectories(
      NodeSettings settings,
      Cluster cluster,
      Mounter mounter,
      NodeDirectories directories,
      PodListeners listeners) {
    nodeName = settings.nodeName();
    this.cluster = cluster;
    this.mounter = mounter;
    this.directories = directories;
    this.listeners = listeners;
    targets = new Targets(settings.kubeletDir());
  }

  /** Binds the directory to the target; the caller holds the target. */
  void publish(CacheDirectory asked) throws InterruptedException {
    var label = asked.pod().namespace() + "/" + asked.ossMount();
    var ossMount =
        cluster
            .ossMount(asked.pod().namespace(), asked.ossMount())
            .orElseThrow(() -> new NotFound("there is no OssMount " + label));
    requireCachePod(asked, ossMount);
    var uid = ossMount.getMetadata().getUid();
    var mounts = mounter.mounts();
    var mounted = mounts.at(asked.target().path());
    if (mounted.isPresent() && !directories.isBind(mounted.get(), uid)) {
      throw new PublishedOtherwise("something else is mounted at " + asked.target());
    }
    directories.prepare(uid);
    listen(uid);
    if (mounted.isEmpty()) {
      targets.create(asked.target(), mounts);
      mounter.bind(directories.of(uid), asked.target().path(), DATA_ONLY);
    }
  }

  /** Listens for the cache pods of every OssMount that has a directory here. */
  void listenToAll() {
    directories.ossMountUids().forEach(this::listen);
  }

  private void listen(String uid) {
    try {
      listeners.listen(uid, directories.socket(uid));
    } catch (IOException e) {
      throw new NodeFault("cannot listen for cache pods: " + e.getMessage());
    }
  }

  private void requireCachePod(CacheDirectory asked, OssMount ossMount) {
    var status = ossMount.getStatus();
    var here =
        (status == null ? List.<CachePod>of() : status.cachePods())
            .stream().filter(pod -> nodeName.equals(pod.node())).toList();
    var pod = asked.pod();
    if (here.stream().anyMatch(p -> pod.name().equals(p.name()) && pod.uid().equals(p.uid()))) {
      return;
    }
    if (here.stream().anyMatch(p -> p.uid() != null)) {
      throw new NotAllowed(
          "pod "
              + pod.label()
              + " is not the cache pod that the status of OssMount "
              + asked.ossMount()
              + " names for node "
              + nodeName);
    }
    throw new Unavailable(
        "the status of OssMount "
            + asked.ossMount()
            + " does not name pod "
            + pod.label()
            + " yet as its cache pod on node "
            + nodeName);
  }
}
