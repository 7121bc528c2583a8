package io.ossmount.csi.rpc;

import io.grpc.Status;
import io.ossmount.csi.volume.VolumeException;
import io.ossmount.csi.volume.VolumeException.Busy;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.csi.volume.VolumeException.NotAllowed;
import io.ossmount.csi.volume.VolumeException.NotFound;
import io.ossmount.csi.volume.VolumeException.PublishedOtherwise;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From failures to the codes of the CSI spec.
 *
 * <p>csi-provisioner and kubelet take UNAVAILABLE and ABORTED (with CANCELLED and
 * DEADLINE_EXCEEDED) as "it may still be going on" and undo it before they give up; every other
 * code ends the operation, which is then tried again with growing pauses. So a refusal is
 * PERMISSION_DENIED: final, and it says what it is.
 */
final class GrpcStatus {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcStatus.class);

  private GrpcStatus() {}

  static Status of(Throwable failure) {
    if (failure instanceof VolumeException known) {
      return code(known).withDescription(known.getMessage());
    }
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return Status.UNAVAILABLE.withDescription("the driver is stopping");
    }
    LOG.error("a call failed for a reason that nobody foresaw", failure);
    return Status.INTERNAL.withDescription(
        "internal error (" + failure.getClass().getSimpleName() + "); the driver's log has more");
  }

  private static Status code(VolumeException failure) {
    return switch (failure) {
      case InvalidRequest _ -> Status.INVALID_ARGUMENT;
      case NotFound _ -> Status.NOT_FOUND;
      case NotAllowed _ -> Status.PERMISSION_DENIED;
      case PublishedOtherwise _ -> Status.ALREADY_EXISTS;
      case Unavailable _ -> Status.UNAVAILABLE;
      case Busy _ -> Status.ABORTED;
      case NodeFault _ -> Status.INTERNAL;
    };
  }
}
