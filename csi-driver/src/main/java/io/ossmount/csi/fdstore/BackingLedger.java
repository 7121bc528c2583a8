package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FuseDevice;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backing files that the kernel knows of one session. They belong to the session: a file that
 * is open in passthrough can be opened again with its old id only, so the next server goes on with
 * the ids of the last one. Only the pod that serves the session opens and closes them, and what one
 * that has lost it asks for too late is refused. Thread-safe.
 */
final class BackingLedger {
  /** At a time; a pod keeps fewer. The kernel's own numbers count on and on. */
  static final int MOST_IDS = 65_536;

  private static final Logger LOG = LoggerFactory.getLogger(BackingLedger.class);

  private final Descriptor fuse;
  private final Set<Integer> ids = new TreeSet<>();
  private @Nullable PodLink owner;

  /** Of the session with this descriptor, which stays the caller's. */
  BackingLedger(Descriptor fuse) {
    this.fuse = fuse;
  }

  /**
   * The pod serves the session from now on, and nobody else.
   *
   * @return the ids that it goes on with
   */
  synchronized List<Integer> passTo(PodLink next) {
    owner = next;
    return List.copyOf(ids);
  }

  /**
   * The pod has been serving the session, and knows these ids. Others that it was answered got lost
   * on the way: nobody can use them.
   */
  synchronized void claim(PodLink by, List<Integer> known) {
    owner = by;
    var lost = new TreeSet<>(ids);
    known.forEach(lost::remove);
    lost.forEach(this::closeQuietly);
    ids.clear();
    known.stream().filter(id -> id > 0).limit(MOST_IDS).forEach(ids::add);
  }

  /** Names a file to the kernel for the pod; returns its id, greater than 0. */
  synchronized int open(PodLink by, Descriptor file) throws IOException {
    requireOwner(by);
    if (ids.size() >= MOST_IDS) {
      throw new IOException("the session has too many backing files");
    }
    int id = FuseDevice.openBacking(fuse, file);
    ids.add(id);
    return id;
  }

  /** Takes an id back from the pod. */
  synchronized void close(PodLink by, int id) throws IOException {
    requireOwner(by);
    if (!ids.remove(id)) {
      throw new IOException("the session has no backing file " + id);
    }
    FuseDevice.closeBacking(fuse, id);
  }

  /** Takes all of them back: the session is over. */
  synchronized void closeAll() {
    owner = null;
    ids.forEach(this::closeQuietly);
    ids.clear();
  }

  /** How many the kernel has. */
  synchronized int size() {
    return ids.size();
  }

  private void requireOwner(PodLink by) throws IOException {
    if (!by.equals(owner)) {
      throw new IOException("the pod does not serve the session any more");
    }
  }

  private void closeQuietly(int id) {
    try {
      FuseDevice.closeBacking(fuse, id);
    } catch (IOException e) {
      LOG.debug("backing id {} is not closed: {}", id, e.toString());
    }
  }
}
