package io.ossmount.csi;

import io.ossmount.csi.cluster.KubernetesCluster;
import io.ossmount.csi.controller.Provisioner;
import io.ossmount.csi.rpc.ControllerService;
import io.ossmount.csi.rpc.IdentityService;
import io.ossmount.csi.rpc.UnixGrpcServer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The controller plugin, put together. */
final class ControllerPlugin implements AutoCloseable {
  private final KubernetesCluster cluster;
  private final UnixGrpcServer server;
  private final HealthEndpoint health;

  private ControllerPlugin(
      KubernetesCluster cluster, UnixGrpcServer server, HealthEndpoint health) {
    this.cluster = cluster;
    this.server = server;
    this.health = health;
  }

  static ControllerPlugin start(ControllerConfig config) throws IOException {
    var cluster = KubernetesCluster.connect();
    var services =
        List.of(
            new IdentityService(BuildVersion.current(), () -> true),
            new ControllerService(new Provisioner(cluster)));
    var server = new UnixGrpcServer(config.socket(), services);
    server.start();
    return new ControllerPlugin(
        cluster, server, new HealthEndpoint(config.healthPort(), Optional::empty));
  }

  @Override
  public void close() {
    health.close();
    server.close();
    cluster.close();
  }
}
