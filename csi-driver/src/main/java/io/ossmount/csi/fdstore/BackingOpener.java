package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FileStatus;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Names a cache pod's files to the kernel, which then reads them itself: the one thing that is done
 * with a descriptor that a pod has chosen. Thread-safe.
 *
 * <p>The kernel opens such a file again with this process's rights, for whatever an application
 * asks. So it must be one that the pod could change anyway: its own, on the disk of the cache, with
 * no other name, and not more than readable through this descriptor.
 */
final class BackingOpener {
  private final FdStore store;
  private final PodLink pod;
  private final long device;
  private final int owner;

  /**
   * For one pod.
   *
   * @param directory of the pod on this node
   * @param owner user id that the pod runs as
   */
  BackingOpener(FdStore store, PodLink pod, Path directory, int owner) throws IOException {
    this.store = store;
    this.pod = pod;
    this.device = FileStatus.of(directory).device();
    this.owner = owner;
  }

  /**
   * Names a file to the kernel of a session.
   *
   * @return its id, greater than 0
   * @throws IOException it is refused; the message is for people
   */
  int open(String session, Descriptor file) throws IOException {
    requireOwnFile(file);
    return store.backing(pod, session).open(pod, file);
  }

  /** Takes an id back. */
  void close(String session, int id) throws IOException {
    store.backing(pod, session).close(pod, id);
  }

  private void requireOwnFile(Descriptor file) throws IOException {
    FileStatus status = FileStatus.of(file);
    boolean isOwn =
        status.regular()
            && status.device() == device
            && status.owner() == owner
            && status.links() == 1
            && file.isReadOnly();
    if (!isOwn) {
      throw new IOException("not a cache file of the pod: " + status);
    }
  }
}
