package io.ossmount.csi.rpc;

import csi.v1.CapacityRange;
import csi.v1.CreateVolumeRequest;
import csi.v1.NodePublishVolumeRequest;
import csi.v1.ValidateVolumeCapabilitiesRequest;
import csi.v1.ValidateVolumeCapabilitiesResponse;
import csi.v1.VolumeCapability;
import csi.v1.VolumeCapability.AccessMode.Mode;
import io.ossmount.csi.volume.MountOptions;
import io.ossmount.csi.volume.Publication;
import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import io.ossmount.csi.volume.VolumeId;
import java.nio.file.Path;
import java.util.List;

/** From CSI messages to values. */
final class VolumeRequests {
  private VolumeRequests() {}

  /** Refuses what no volume of this driver can be. */
  static void check(CreateVolumeRequest request) {
    if (request.getName().isEmpty()) {
      throw new InvalidRequest("the volume name is missing");
    }
    requireAny(request.getVolumeCapabilitiesList()).forEach(VolumeRequests::check);
    check(request.getCapacityRange());
    if (request.hasVolumeContentSource()) {
      throw new InvalidRequest("volumes are made neither from snapshots nor from other volumes");
    }
    if (request.getModifiableParametersCount() > 0) {
      throw new InvalidRequest("a VolumeAttributesClass has no meaning for this driver");
    }
  }

  /** The publication that a request asks for. */
  static Publication publication(NodePublishVolumeRequest request, Path kubeletDir) {
    var id = new VolumeId(request.getVolumeId());
    var target = TargetPath.parse(request.getTargetPath(), kubeletDir);
    if (!request.hasVolumeCapability()) {
      throw new InvalidRequest("the volume capability is missing");
    }
    var capability = request.getVolumeCapability();
    check(capability);
    return Publication.parse(
        new Publication.Request(
            id,
            target,
            request.getVolumeContextMap(),
            request.getReadonly() || forReadersOnly(capability.getAccessMode().getMode()),
            MountOptions.parse(capability.getMount().getMountFlagsList()),
            capability.getMount().getVolumeMountGroup()));
  }

  /** The capabilities, of which there has to be one. */
  static List<VolumeCapability> requireAny(List<VolumeCapability> capabilities) {
    if (capabilities.isEmpty()) {
      throw new InvalidRequest("the volume capabilities are missing");
    }
    return capabilities;
  }

  /** Confirms what is asked for, or says what cannot be. */
  static ValidateVolumeCapabilitiesResponse confirmation(
      ValidateVolumeCapabilitiesRequest request) {
    var response = ValidateVolumeCapabilitiesResponse.newBuilder();
    try {
      request.getVolumeCapabilitiesList().forEach(VolumeRequests::check);
    } catch (InvalidRequest e) {
      return response.setMessage(String.valueOf(e.getMessage())).build();
    }
    return response
        .setConfirmed(
            ValidateVolumeCapabilitiesResponse.Confirmed.newBuilder()
                .putAllVolumeContext(request.getVolumeContextMap())
                .putAllParameters(request.getParametersMap())
                .addAllVolumeCapabilities(request.getVolumeCapabilitiesList()))
        .build();
  }

  private static void check(VolumeCapability capability) {
    if (!capability.hasMount()) {
      throw new InvalidRequest(
          capability.hasBlock()
              ? "volumeMode Block is not possible: an OssMount has files, not blocks"
              : "the volume capability lacks its access type");
    }
    // The two modes of SINGLE_NODE_MULTI_WRITER come only to drivers with that capability:
    // Kubernetes keeps ReadWriteOncePod itself.
    switch (capability.getAccessMode().getMode()) {
      case SINGLE_NODE_WRITER,
          SINGLE_NODE_READER_ONLY,
          MULTI_NODE_READER_ONLY,
          MULTI_NODE_SINGLE_WRITER,
          MULTI_NODE_MULTI_WRITER -> {}
      case UNKNOWN, SINGLE_NODE_SINGLE_WRITER, SINGLE_NODE_MULTI_WRITER, UNRECOGNIZED ->
          throw new InvalidRequest(
              "access mode " + capability.getAccessMode().getMode() + " is not supported");
    }
    MountOptions.parse(capability.getMount().getMountFlagsList());
  }

  private static void check(CapacityRange range) {
    if (range.getRequiredBytes() < 0
        || range.getLimitBytes() < 0
        || (range.getLimitBytes() > 0 && range.getRequiredBytes() > range.getLimitBytes())) {
      throw new InvalidRequest("the capacity range contradicts itself");
    }
  }

  private static boolean forReadersOnly(Mode mode) {
    return mode == Mode.SINGLE_NODE_READER_ONLY || mode == Mode.MULTI_NODE_READER_ONLY;
  }
}
