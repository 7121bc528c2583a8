package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FuseDevice;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backing files that the kernel knows of one session, for the pod that serves it. Once closed
 * it takes no more: a pod that has lost the session leaves nothing behind. Thread-safe.
 */
final class BackingLedger {
  private static final Logger LOG = LoggerFactory.getLogger(BackingLedger.class);

  /** At a time; a pod keeps fewer. The kernel's own numbers count on and on. */
  private static final int MOST_IDS = 65_536;

  private final Descriptor fuse;
  private final Set<Integer> ids = new HashSet<>();
  private boolean closed;

  /** Of the session with this descriptor, which stays the caller's. */
  BackingLedger(Descriptor fuse) {
    this.fuse = fuse;
  }

  /** Names a file to the kernel; returns its id, greater than 0. */
  synchronized int open(Descriptor file) throws IOException {
    if (closed) {
      throw new IOException("the pod does not serve the session any more");
    }
    if (ids.size() >= MOST_IDS) {
      throw new IOException("the session has too many backing files");
    }
    int id = FuseDevice.openBacking(fuse, file);
    ids.add(id);
    return id;
  }

  /** Takes an id back. */
  synchronized void close(int id) throws IOException {
    if (!ids.remove(id)) {
      throw new IOException("the session has no backing file " + id);
    }
    FuseDevice.closeBacking(fuse, id);
  }

  /** Takes all of them back, for good. */
  synchronized void closeAll() {
    closed = true;
    for (int id : ids) {
      try {
        FuseDevice.closeBacking(fuse, id);
      } catch (IOException e) {
        LOG.debug("backing id {} is not closed: {}", id, e.toString());
      }
    }
    ids.clear();
  }
}
