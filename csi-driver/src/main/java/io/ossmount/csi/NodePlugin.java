package io.ossmount.csi;

import io.ossmount.csi.cluster.KubernetesCluster;
import io.ossmount.csi.node.KernelMounter;
import io.ossmount.csi.node.KubeletVolumes;
import io.ossmount.csi.node.NodeSettings;
import io.ossmount.csi.registration.KubeletRegistration;
import io.ossmount.csi.rpc.IdentityService;
import io.ossmount.csi.rpc.NodeService;
import io.ossmount.csi.rpc.UnixGrpcServer;
import io.ossmount.csi.volume.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node plugin, put together. What was started last is closed first. */
final class NodePlugin implements AutoCloseable {
  /** User and group of cache pods; the operator renders them so. */
  private static final int POD_USER = 65_532;

  /**
   * How long it goes on after SIGTERM, for mounts that would end with it. A pod has 30 s, unless it
   * says otherwise, and the node plugin's does not; the rest is for calls of kubelet that are under
   * way, and for what is being healed.
   */
  private static final Duration LONGEST_STAY = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(NodePlugin.class);

  private final KubeletVolumes volumes;
  private final List<AutoCloseable> parts;

  private NodePlugin(KubeletVolumes volumes, List<AutoCloseable> parts) {
    this.volumes = volumes;
    this.parts = parts;
  }

  static NodePlugin start(NodeConfig config) throws IOException, InterruptedException {
    NodeChecks.run(config);
    var settings =
        new NodeSettings(config.nodeName(), config.kubeletDir(), config.cacheDir(), POD_USER);
    var cluster = KubernetesCluster.connect();
    var events = cluster.events(config.nodeName());
    var mounter = new KernelMounter();
    var volumes = new KubeletVolumes(settings, cluster, events, mounter);
    volumes.start();

    var services =
        List.of(
            new IdentityService(BuildVersion.current(), () -> true),
            new NodeService(config.nodeName(), config.kubeletDir(), volumes));
    var server = new UnixGrpcServer(config.socket(), services);
    server.start();

    // Kubelet calls as soon as it sees this socket, so it comes last.
    var registration = new KubeletRegistration(config.socket());
    var registrationServer =
        new UnixGrpcServer(KubeletRegistration.socket(config.kubeletDir()), List.of(registration));
    registrationServer.start();
    var health =
        new HealthEndpoint(
            config.healthPort(),
            () ->
                Optional.ofNullable(registration.failure())
                    .map(failure -> "kubelet refuses the driver: " + failure));
    // The chart's uninstallation waits until there are none.
    health.list("/directories", volumes::directories);
    health.metrics("/metrics", () -> NodeMetrics.text(volumes.counts(), volumes.healed()));
    return new NodePlugin(
        volumes, List.of(cluster, events, mounter, volumes, server, registrationServer, health));
  }

  @Override
  public void close() {
    try {
      volumes.awaitOtherHolders(Deadline.after(LONGEST_STAY));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (var part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("while stopping", e);
      }
    }
  }
}
