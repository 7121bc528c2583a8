package io.ossmount.csi.rpc;

import static io.ossmount.csi.rpc.Unary.unary;

import csi.v1.ControllerGetCapabilitiesRequest;
import csi.v1.ControllerGetCapabilitiesResponse;
import csi.v1.ControllerGrpc.ControllerImplBase;
import csi.v1.ControllerServiceCapability;
import csi.v1.CreateVolumeRequest;
import csi.v1.CreateVolumeResponse;
import csi.v1.DeleteVolumeRequest;
import csi.v1.DeleteVolumeResponse;
import csi.v1.ValidateVolumeCapabilitiesRequest;
import csi.v1.ValidateVolumeCapabilitiesResponse;
import csi.v1.Volume;
import io.grpc.stub.StreamObserver;
import io.ossmount.csi.controller.Provisioner;
import io.ossmount.csi.volume.VolumeId;

/**
 * Volumes of OssMounts. There is no ControllerPublish: csi-attacher then marks attachments at once,
 * and the waiting for a cache pod happens in NodePublish.
 */
public final class ControllerService extends ControllerImplBase {
  private final Provisioner provisioner;

  /** Provisions by {@code provisioner}. */
  public ControllerService(Provisioner provisioner) {
    this.provisioner = provisioner;
  }

  @Override
  public void createVolume(
      CreateVolumeRequest request, StreamObserver<CreateVolumeResponse> reply) {
    unary(
        reply,
        () -> {
          VolumeRequests.check(request);
          var made = provisioner.create(request.getName(), request.getParametersMap());
          // The capacity stays 0, "unknown": a volume has none of its own.
          var volume =
              Volume.newBuilder()
                  .setVolumeId(made.id().value())
                  .putAllVolumeContext(made.context());
          return CreateVolumeResponse.newBuilder().setVolume(volume).build();
        });
  }

  @Override
  public void deleteVolume(
      DeleteVolumeRequest request, StreamObserver<DeleteVolumeResponse> reply) {
    unary(
        reply,
        () -> {
          // Only the way to look at the bucket goes; what is in the bucket stays.
          var _ = new VolumeId(request.getVolumeId());
          return DeleteVolumeResponse.getDefaultInstance();
        });
  }

  @Override
  public void validateVolumeCapabilities(
      ValidateVolumeCapabilitiesRequest request,
      StreamObserver<ValidateVolumeCapabilitiesResponse> reply) {
    unary(
        reply,
        () -> {
          var id = new VolumeId(request.getVolumeId());
          VolumeRequests.requireAny(request.getVolumeCapabilitiesList());
          provisioner.requireExisting(id, request.getVolumeContextMap());
          return VolumeRequests.confirmation(request);
        });
  }

  @Override
  public void controllerGetCapabilities(
      ControllerGetCapabilitiesRequest request,
      StreamObserver<ControllerGetCapabilitiesResponse> reply) {
    var createAndDelete =
        ControllerServiceCapability.RPC
            .newBuilder()
            .setType(ControllerServiceCapability.RPC.Type.CREATE_DELETE_VOLUME);
    unary(
        reply,
        () ->
            ControllerGetCapabilitiesResponse.newBuilder()
                .addCapabilities(ControllerServiceCapability.newBuilder().setRpc(createAndDelete))
                .build());
  }
}
