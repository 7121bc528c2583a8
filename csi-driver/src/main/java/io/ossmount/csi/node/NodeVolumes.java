package io.ossmount.csi.node;

import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.Publication;
import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeException;
import io.ossmount.csi.volume.VolumeId;

/**
 * Volumes appear in pods and disappear again. Both may be asked for any number of times, and at the
 * same time; both throw {@link VolumeException}s. Thread-safe.
 */
public interface NodeVolumes {
  /** Makes the volume appear at its target, waiting for who serves it. */
  void publish(Publication publication, Deadline deadline) throws InterruptedException;

  /** Makes what is at the target disappear, and the volume's sessions that no one uses any more. */
  void unpublish(VolumeId id, TargetPath target, Deadline deadline) throws InterruptedException;
}
