package io.ossmount.csi.node;

import io.ossmount.csi.cluster.Cluster;
import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.fdstore.PodListeners;
import io.ossmount.csi.volume.VolumeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the node's directories of OssMounts that are gone: when one is deleted, when a cache pod
 * gives its directory back, and every few minutes, in case a deletion was missed. One thread.
 */
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration INTERVAL = Duration.ofMinutes(4);

  /** Deletions come in numbers; one list of OssMounts answers for all of them. */
  private static final Duration GATHERING = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final Mounter mounter;
  private final NodeDirectories directories;
  private final PodListeners listeners;
  private final FdStore store;
  private final Semaphore triggers = new Semaphore(1);
  private final Thread thread;
  private @Nullable AutoCloseable watch;

  Housekeeping(
      Cluster cluster,
      Mounter mounter,
      NodeDirectories directories,
      PodListeners listeners,
      FdStore store) {
    this.cluster = cluster;
    this.mounter = mounter;
    this.directories = directories;
    this.listeners = listeners;
    this.store = store;
    thread = Thread.ofPlatform().daemon().name("housekeeping").unstarted(this::run);
  }

  /** Begins, with a first round at once. */
  void start() {
    thread.start();
    watch = cluster.onOssMountDeleted(this::trigger);
  }

  /** Asks for a round soon. */
  void trigger() {
    triggers.release();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (watch != null) {
        watch.close();
      }
    } catch (Exception e) {
      LOG.debug("while closing a watch", e);
    }
  }

  private void run() {
    try {
      while (true) {
        var jitter = ThreadLocalRandom.current().nextLong(INTERVAL.toMillis() / 2);
        if (triggers.tryAcquire(INTERVAL.toMillis() + jitter, TimeUnit.MILLISECONDS)) {
          Thread.sleep(GATHERING);
          triggers.drainPermits();
        }
        removeGone();
      }
    } catch (InterruptedException _) {
      LOG.debug("housekeeping ends");
    }
  }

  /** One round. What cannot be removed now is tried again in the next. */
  void removeGone() {
    try {
      // In this order: an OssMount whose directory is there was there before the list is made.
      var here = directories.ossMountUids();
      if (here.isEmpty()) {
        return;
      }
      var alive =
          cluster.ossMounts().stream()
              .map(ossMount -> ossMount.getMetadata().getUid())
              .collect(Collectors.toSet());
      here.stream().filter(uid -> !alive.contains(uid)).forEach(this::remove);
    } catch (VolumeException e) {
      LOG.warn("directories of deleted OssMounts are left for later: {}", e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.error("directories of deleted OssMounts are left for later", e);
    }
  }

  private void remove(String uid) {
    var bound =
        mounter.mounts().entries().stream().anyMatch(mount -> directories.isBind(mount, uid));
    if (bound || store.isInUse(uid)) {
      LOG.info("OssMount {} is gone; its directory is still in use", uid);
      return;
    }
    try {
      listeners.stop(uid);
      directories.delete(uid);
      LOG.info("OssMount {} is gone, and its directory with it", uid);
    } catch (IOException e) {
      LOG.warn("cannot remove the directory of OssMount {}: {}", uid, e.toString());
    }
  }
}
