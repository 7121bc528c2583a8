package io.ossmount.csi.node;

import io.ossmount.csi.cluster.Cluster;
import io.ossmount.csi.cluster.Events;
import io.ossmount.csi.cluster.NodePods;
import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.fdstore.PodListeners;
import io.ossmount.csi.heal.Healing;
import io.ossmount.csi.heal.MountNamespaces;
import io.ossmount.csi.heal.PodNotices;
import io.ossmount.csi.heal.TargetGuard;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.Publication;
import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.csi.volume.VolumeId;
import java.time.Duration;
import java.util.List;

/** The volumes of one node: all parts put together, calls for one target one after another. */
public final class KubeletVolumes implements NodeVolumes, AutoCloseable {
  /** For who calls for a target that is published already: there is nothing to wait for. */
  private static final Duration LONGEST_HOLD = Duration.ofSeconds(5);

  private final Mounter mounter;
  private final FdStore store;
  private final KeyedLocks locks = new KeyedLocks();
  private final Targets targets;
  private final SessionMounts sessions;
  private final PodListeners listeners;
  private final NodeDirectories directories;
  private final FilesPublisher files;
  private final CacheDirectories caches;
  private final Recovery recovery;
  private final Housekeeping housekeeping;
  private final Aborting aborting;
  private final Healer healer;

  /** Puts the parts together; nothing happens before {@link #start}. */
  public KubeletVolumes(NodeSettings settings, Cluster cluster, Events events, Mounter mounter) {
    this(settings, cluster, events, mounter, new FdStore());
  }

  KubeletVolumes(
      NodeSettings settings, Cluster cluster, Events events, Mounter mounter, FdStore store) {
    this.mounter = mounter;
    this.store = store;
    var sessionFiles = new SessionFiles(settings.cacheDir());
    targets = new Targets(settings.kubeletDir());
    var namespaces = new MountNamespaces();
    sessions = new SessionMounts(mounter, sessionFiles, store, locks, namespaces);
    listeners = new PodListeners(store, settings.podUser());
    directories = new NodeDirectories(settings.cacheDir(), settings.podUser());
    files = new FilesPublisher(cluster, mounter, store, sessions, targets);
    caches = new CacheDirectories(settings, cluster, mounter, directories, listeners);
    housekeeping = new Housekeeping(cluster, mounter, directories, listeners, store);
    var pods = new NodePods(cluster, settings.nodeName());
    aborting =
        new Aborting(
            store,
            sessions,
            mounter,
            new RecoveryTimeouts(cluster, System::nanoTime),
            pods,
            events);
    recovery = new Recovery(mounter, sessionFiles, store, namespaces);
    var healing = new Healing(namespaces, this::hold);
    var notices = new PodNotices(pods, events);
    healer = new Healer(store, sessions, namespaces, healing, notices);
  }

  private TargetGuard.Hold hold(String target) throws InterruptedException {
    return locks.lock(lockOf(target), Deadline.after(LONGEST_HOLD))::close;
  }

  /** Gets to know what is there, then listens for cache pods. */
  public void start() throws InterruptedException {
    recovery.run();
    caches.listenToAll();
    housekeeping.start();
    healer.start();
    aborting.start();
  }

  @Override
  public void publish(Publication publication, Deadline deadline) throws InterruptedException {
    try (var _ = locks.lock(lockOf(publication.target()), deadline)) {
      switch (publication) {
        case Publication.Files asked -> files.publish(asked, deadline);
        case Publication.CacheDirectory asked -> caches.publish(asked);
      }
    }
  }

  @Override
  public void unpublish(VolumeId id, TargetPath target, Deadline deadline)
      throws InterruptedException {
    try (var _ = locks.lock(lockOf(target), deadline)) {
      var mounted = mounter.mounts().at(target.path());
      if (mounted.isPresent() && !mounter.unmount(target.path(), deadline)) {
        throw new NodeFault("what is mounted at " + target + " cannot be unmounted");
      }
      targets.delete(target, mounter.mounts());
      if (mounted.isPresent() && directories.isBind(mounted.get())) {
        housekeeping.trigger();
      }
    }
    sessions.endUnused(id, deadline);
  }

  /** UIDs of the OssMounts that have a directory on this node. */
  public List<String> directories() {
    return directories.ossMountUids();
  }

  /** How many sessions there are, and what happened to them. */
  public FdStore.Counts counts() {
    return store.counts();
  }

  /** How many mounts of dead sessions were given a new one. */
  public long healed() {
    return healer.healed();
  }

  /**
   * Goes on until the mounts outlive the plugin, or the deadline has passed; to be called before
   * {@link #close}.
   */
  public void awaitOtherHolders(Deadline deadline) throws InterruptedException {
    store.awaitOtherHolders(deadline);
  }

  /** Lets go of everything but the mounts: they outlive the plugin. */
  @Override
  public void close() {
    healer.close();
    aborting.close();
    housekeeping.close();
    listeners.close();
    store.close();
  }

  private static String lockOf(TargetPath target) {
    return lockOf(target.path().toString());
  }

  private static String lockOf(String target) {
    return "target " + target;
  }
}
