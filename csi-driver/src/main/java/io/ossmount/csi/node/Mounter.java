package io.ossmount.csi.node;

import io.ossmount.csi.fdstore.Descriptors;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.fuse.kernel.BindMount;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.MountTable;
import java.nio.file.Path;

/**
 * What the kernel does for the node plugin. Nothing here waits for a FUSE server; what the kernel
 * refuses is a {@link io.ossmount.csi.volume.VolumeException.NodeFault}. Thread-safe.
 */
public interface Mounter {
  /** All mounts of this mount namespace. */
  MountTable mounts();

  /** Mounts a new FUSE connection, with the memory of a new session, at an existing directory. */
  Descriptors mountFuse(Path directory, FuseMount.Options options) throws InterruptedException;

  /**
   * Shows {@code source} at {@code target} too; both exist. Who is killed meanwhile leaves all of
   * it or nothing; on kernels before 5.12, perhaps a mount that allows more than the options.
   */
  void bind(Path source, Path target, BindMount.Options options) throws InterruptedException;

  /** Gives what is mounted at {@code target} these options, which allow less than it did. */
  void restrict(Path target, BindMount.Options options) throws InterruptedException;

  /**
   * Takes away what is mounted at {@code target}, all layers of it. Nothing there is no error.
   *
   * @return false when it goes on in the background after the deadline: the kernel writes back
   *     pages that nobody takes
   */
  boolean unmount(Path target, Deadline deadline) throws InterruptedException;

  /**
   * Ends the FUSE connection that is mounted at {@code directory}: who waits for it gets an error.
   * The mount stays where it is. Nothing there is no error.
   */
  void abort(Path directory) throws InterruptedException;

  /** Lets the kernel read ahead further than its default. A refusal is only logged. */
  void raiseReadAhead(Path mount);
}
