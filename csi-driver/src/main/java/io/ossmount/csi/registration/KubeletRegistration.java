package io.ossmount.csi.registration;

import static io.ossmount.csi.rpc.Unary.unary;

import io.grpc.stub.StreamObserver;
import io.ossmount.api.Driver;
import io.ossmount.proto.pluginregistration.v1.InfoRequest;
import io.ossmount.proto.pluginregistration.v1.PluginInfo;
import io.ossmount.proto.pluginregistration.v1.RegistrationGrpc.RegistrationImplBase;
import io.ossmount.proto.pluginregistration.v1.RegistrationStatus;
import io.ossmount.proto.pluginregistration.v1.RegistrationStatusResponse;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers kubelet, which watches its {@code plugins_registry} directory, asks every socket that
 * appears there who it is (it waits one second), calls NodeGetInfo and writes the CSINode object.
 */
public final class KubeletRegistration extends RegistrationImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(KubeletRegistration.class);

  // Kubelet 1.34 takes any version with major 1 (or 0), and refuses a driver of the same name that
  // is not of
  // a higher version while the earlier one is registered; so this never changes.
  private static final String VERSION = "1.0.0";

  private final Path csiSocket;
  private volatile @Nullable String failure;

  /**
   * Registers the driver.
   *
   * @param csiSocket where kubelet finds the CSI services, as a path of the node
   */
  public KubeletRegistration(Path csiSocket) {
    this.csiSocket = csiSocket;
  }

  /** Where the registration socket of this driver has to be. */
  public static Path socket(Path kubeletDir) {
    return kubeletDir.resolve("plugins_registry").resolve(Driver.NAME + "-reg.sock");
  }

  /** Why kubelet refused the plugin last; null when it did not. */
  public @Nullable String failure() {
    return failure;
  }

  @Override
  public void getInfo(InfoRequest request, StreamObserver<PluginInfo> reply) {
    unary(
        reply,
        () ->
            PluginInfo.newBuilder()
                .setType("CSIPlugin")
                .setName(Driver.NAME)
                .setEndpoint(csiSocket.toString())
                .addSupportedVersions(VERSION)
                .build());
  }

  @Override
  public void notifyRegistrationStatus(
      RegistrationStatus status, StreamObserver<RegistrationStatusResponse> reply) {
    unary(
        reply,
        () -> {
          failure = status.getPluginRegistered() ? null : status.getError();
          if (failure == null) {
            LOG.info("kubelet has registered the driver");
          } else {
            LOG.error("kubelet refuses the driver: {}", failure);
          }
          return RegistrationStatusResponse.getDefaultInstance();
        });
  }
}
