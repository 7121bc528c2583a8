package io.ossmount.csi.rpc;

import static io.ossmount.csi.rpc.Unary.unary;

import csi.v1.NodeGetCapabilitiesRequest;
import csi.v1.NodeGetCapabilitiesResponse;
import csi.v1.NodeGetInfoRequest;
import csi.v1.NodeGetInfoResponse;
import csi.v1.NodeGrpc.NodeImplBase;
import csi.v1.NodePublishVolumeRequest;
import csi.v1.NodePublishVolumeResponse;
import csi.v1.NodeServiceCapability;
import csi.v1.NodeUnpublishVolumeRequest;
import csi.v1.NodeUnpublishVolumeResponse;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.ossmount.csi.node.NodeVolumes;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Volumes on this node. There is no staging (kubelet would stat staging paths, which a hung mount
 * blocks), and there are no statistics: a volume has no size of its own, and nothing may be asked
 * of a mount that can hang.
 */
public final class NodeService extends NodeImplBase {
  // Kubelet gives two minutes.
  private static final Duration WITHOUT_DEADLINE = Duration.ofMinutes(2);

  private final String nodeName;
  private final Path kubeletDir;
  private final NodeVolumes volumes;

  /**
   * Answers for one node.
   *
   * @param nodeName its name in Kubernetes
   * @param kubeletDir below which targets lie; absolute, normalized
   */
  public NodeService(String nodeName, Path kubeletDir, NodeVolumes volumes) {
    this.nodeName = nodeName;
    this.kubeletDir = kubeletDir;
    this.volumes = volumes;
  }

  @Override
  public void nodePublishVolume(
      NodePublishVolumeRequest request, StreamObserver<NodePublishVolumeResponse> reply) {
    unary(
        reply,
        () -> {
          volumes.publish(VolumeRequests.publication(request, kubeletDir), deadline());
          return NodePublishVolumeResponse.getDefaultInstance();
        });
  }

  @Override
  public void nodeUnpublishVolume(
      NodeUnpublishVolumeRequest request, StreamObserver<NodeUnpublishVolumeResponse> reply) {
    unary(
        reply,
        () -> {
          var id = new VolumeId(request.getVolumeId());
          var target = TargetPath.parse(request.getTargetPath(), kubeletDir);
          volumes.unpublish(id, target, deadline());
          return NodeUnpublishVolumeResponse.getDefaultInstance();
        });
  }

  @Override
  public void nodeGetInfo(NodeGetInfoRequest request, StreamObserver<NodeGetInfoResponse> reply) {
    unary(reply, () -> NodeGetInfoResponse.newBuilder().setNodeId(nodeName).build());
  }

  @Override
  public void nodeGetCapabilities(
      NodeGetCapabilitiesRequest request, StreamObserver<NodeGetCapabilitiesResponse> reply) {
    var mountGroup =
        NodeServiceCapability.RPC
            .newBuilder()
            .setType(NodeServiceCapability.RPC.Type.VOLUME_MOUNT_GROUP);
    unary(
        reply,
        () ->
            NodeGetCapabilitiesResponse.newBuilder()
                .addCapabilities(NodeServiceCapability.newBuilder().setRpc(mountGroup))
                .build());
  }

  private static Deadline deadline() {
    var given = Context.current().getDeadline();
    return Deadline.after(
        given == null
            ? WITHOUT_DEADLINE
            : Duration.ofNanos(given.timeRemaining(TimeUnit.NANOSECONDS)));
  }
}
