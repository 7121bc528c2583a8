package io.ossmount.csi.rpc;

import static io.ossmount.csi.rpc.Unary.unary;

import com.google.protobuf.BoolValue;
import csi.v1.GetPluginCapabilitiesRequest;
import csi.v1.GetPluginCapabilitiesResponse;
import csi.v1.GetPluginInfoRequest;
import csi.v1.GetPluginInfoResponse;
import csi.v1.IdentityGrpc.IdentityImplBase;
import csi.v1.PluginCapability;
import csi.v1.ProbeRequest;
import csi.v1.ProbeResponse;
import io.grpc.stub.StreamObserver;
import io.ossmount.api.Driver;
import java.util.function.BooleanSupplier;

/** Who the plugin is. Served by the controller plugin and by the node plugin. */
public final class IdentityService extends IdentityImplBase {
  private final String version;
  private final BooleanSupplier ready;

  /**
   * Answers for one plugin.
   *
   * @param version of the build
   * @param ready whether the plugin serves; asked with every Probe
   */
  public IdentityService(String version, BooleanSupplier ready) {
    this.version = version;
    this.ready = ready;
  }

  @Override
  public void getPluginInfo(
      GetPluginInfoRequest request, StreamObserver<GetPluginInfoResponse> reply) {
    unary(
        reply,
        () ->
            GetPluginInfoResponse.newBuilder()
                .setName(Driver.NAME)
                .setVendorVersion(version)
                .build());
  }

  @Override
  public void getPluginCapabilities(
      GetPluginCapabilitiesRequest request, StreamObserver<GetPluginCapabilitiesResponse> reply) {
    var controller =
        PluginCapability.Service.newBuilder()
            .setType(PluginCapability.Service.Type.CONTROLLER_SERVICE);
    unary(
        reply,
        () ->
            GetPluginCapabilitiesResponse.newBuilder()
                .addCapabilities(PluginCapability.newBuilder().setService(controller))
                .build());
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeResponse> reply) {
    unary(
        reply,
        () -> ProbeResponse.newBuilder().setReady(BoolValue.of(ready.getAsBoolean())).build());
  }
}
