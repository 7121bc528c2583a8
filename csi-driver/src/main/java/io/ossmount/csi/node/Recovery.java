package io.ossmount.csi.node;

import io.ossmount.csi.fdstore.FdStore;
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
 *   <li>mounted and used: known again; when its file is missing or damaged, left to its server
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
                  store.adopt(info, mount.get().device());
                },
                () -> {
                  LOG.error("session {} is used by pods, and its file does not say for what", name);
                  store.leaveAlone(name);
                });
      } else {
        remove(name, mount);
      }
    }
  }

  /** The plugin may have ended when a dead session was replaced here, and in no container yet. */
  private boolean isUsed(MountTable mounts, String name, MountEntry mount) {
    return mount.type().startsWith("fuse")
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
