package io.ossmount.csi.node;

import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.fdstore.SessionInfo;
import io.ossmount.csi.fdstore.UnknownSession;
import io.ossmount.csi.heal.DeadSession;
import io.ossmount.csi.heal.MountNamespaces;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.fuse.kernel.MountEntry;
import io.ossmount.fuse.kernel.MountTable;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the plugin finds when it starts: sessions that pods use are known again, their servers hand
 * the descriptors back later; what an earlier run, or the node's last boot, left behind goes. The
 * mount table is the truth:
 *
 * <ul>
 *   <li>mounted and used: known again; when its file is missing or damaged, left to its server, and
 *       known again when that says what the session is for
 *   <li>mounted and not used: unmounted, with its directory and file
 *   <li>not mounted: its directory and file go, and a file that was not written to its end
 * </ul>
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final Duration UNMOUNT = Duration.ofSeconds(10);

  private final Mounter mounter;
  private final SessionFiles files;
  private final FdStore store;
  private final MountNamespaces namespaces;

  Recovery(Mounter mounter, SessionFiles files, FdStore store, MountNamespaces namespaces) {
    this.mounter = mounter;
    this.files = files;
    this.store = store;
    this.namespaces = namespaces;
  }

  /** Runs once, before anything is published. */
  void run() throws InterruptedException {
    var mounts = mounter.mounts();
    for (var name : files.names()) {
      var mount = mounts.at(files.directory(name));
      if (mount.isPresent() && isUsed(mounts, name, mount.get())) {
        files
            .read(name)
            .ifPresentOrElse(
                info -> {
                  LOG.info("session {} is used by pods", name);
                  store.adopt(info, mount.get().device(), files.aborted(name));
                },
                () -> {
                  LOG.error("session {} is used by pods, and its file does not say for what", name);
                  store.leaveAlone(unknown(name, mount.get()));
                });
      } else {
        remove(name, mount);
      }
    }
  }

  /** The mount table has the label that the session was mounted with, which its digest has not. */
  private UnknownSession unknown(String name, MountEntry mount) {
    return new UnknownSession(
        name, mount.device(), mount.source(), info -> recall(info, mount.device()));
  }

  /**
   * The session's cache pod says what it is for. One that was unpublished everywhere meanwhile may
   * be used by containers all the same, and as one that is known it would end with its next look.
   */
  private boolean recall(SessionInfo info, String device) {
    try {
      if (SessionMounts.binds(mounter.mounts(), info.name(), device).isEmpty()) {
        return false;
      }
      files.restore(info);
      return true;
    } catch (RuntimeException e) {
      LOG.error("session {} stays unknown", info.name(), e);
      return false;
    }
  }

  /** The plugin may have ended when a dead session was replaced here, and in no container yet. */
  private boolean isUsed(MountTable mounts, String name, MountEntry mount) {
    return mount.isFuse()
        && (!SessionMounts.binds(mounts, name, mount.device()).isEmpty()
            || namespaces.anyUses(new DeadSession(name, mount.device())));
  }

  private void remove(String name, Optional<MountEntry> mount) throws InterruptedException {
    LOG.info("session {} is used by no one and goes", name);
    var gone = mount.isEmpty() || mounter.unmount(files.directory(name), Deadline.after(UNMOUNT));
    if (gone) {
      files.delete(name);
    }
  }
}
