package io.ossmount.chaos.node;

import csi.v1.IdentityGrpc;
import csi.v1.NodeGrpc;
import csi.v1.NodeGrpc.NodeBlockingStub;
import csi.v1.NodePublishVolumeRequest;
import csi.v1.NodeUnpublishVolumeRequest;
import csi.v1.ProbeRequest;
import csi.v1.VolumeCapability;
import csi.v1.VolumeCapability.AccessMode.Mode;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Names;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Asks the node plugin as kubelet does: by its CSI socket, and again when it fails. */
final class Kubelet implements AutoCloseable {
  private static final int CALL_SECONDS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int AGAIN_MILLIS = 200;

  private final Path directory;
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  /** With its own directory, below which volumes appear. */
  Kubelet(Path directory) {
    this.directory = directory;
  }

  Path socket() {
    return directory.resolve("plugins/ossmount.io/csi.sock");
  }

  /** Where the volume of a pod appears. */
  Path target(String pod) {
    return directory.resolve("pods/" + pod + "/volumes/kubernetes.io~csi/pv/mount");
  }

  /** Where a sub-path of that volume appears, from where its container gets it. */
  Path subPath(String pod) {
    return directory.resolve("pods/" + pod + "/volume-subpaths/pv/container/0");
  }

  /** A directory of the volume appears as a sub-path. */
  void bindSubPath(String pod, String name) throws IOException, InterruptedException {
    var target = Files.createDirectories(subPath(pod));
    Command.run("mount", "--bind", target(pod).resolve(name).toString(), target.toString());
  }

  /** The sub-path disappears, also when its container is still there. */
  void unbindSubPath(String pod) throws IOException, InterruptedException {
    Command.run("umount", "--lazy", subPath(pod).toString());
  }

  /** Waits until the plugin answers. */
  void awaitPlugin() throws IOException, InterruptedException {
    call(channel ->
        IdentityGrpc.newBlockingStub(channel)
            .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
            .probe(ProbeRequest.getDefaultInstance()));
  }

  /** The node's directory of the OssMount appears for the cache pod. */
  void publishCacheDirectory(String pod) throws IOException, InterruptedException {
    publish(request ->
        request
            .setVolumeId("csi-cache")
            .setTargetPath(target(pod).toString())
            .putAllVolumeContext(
                Map.of(
                    "role", "cache",
                    "ossMount", Names.OSS_MOUNT,
                    "csi.storage.k8s.io/ephemeral", "true",
                    "csi.storage.k8s.io/pod.namespace", Names.NAMESPACE,
                    "csi.storage.k8s.io/pod.name", Names.CACHE_POD,
                    "csi.storage.k8s.io/pod.uid", Names.CACHE_POD_UID)));
  }

  /** The volume appears for a pod. */
  void publish(String pod) throws IOException, InterruptedException {
    publish(request ->
        request
            .setVolumeId(Names.VOLUME)
            .setTargetPath(target(pod).toString())
            .putAllVolumeContext(
                Map.of(
                    "ossmount.io/namespace", Names.NAMESPACE,
                    "ossmount.io/name", Names.OSS_MOUNT,
                    "ossmount.io/uid", Names.OSS_MOUNT_UID)));
  }

  /** The volume of a pod disappears. */
  void unpublish(String pod) throws IOException, InterruptedException {
    unpublish(Names.VOLUME, pod);
  }

  /** The cache pod's directory disappears. */
  void unpublishCacheDirectory(String pod) throws IOException, InterruptedException {
    unpublish("csi-cache", pod);
  }

  private void unpublish(String volume, String pod) throws IOException, InterruptedException {
    var request =
        NodeUnpublishVolumeRequest.newBuilder()
            .setVolumeId(volume)
            .setTargetPath(target(pod).toString())
            .build();
    call(channel -> stub(channel).nodeUnpublishVolume(request));
  }

  private void publish(UnaryOperator<NodePublishVolumeRequest.Builder> volume)
      throws IOException, InterruptedException {
    var capability =
        VolumeCapability.newBuilder()
            .setMount(VolumeCapability.MountVolume.getDefaultInstance())
            .setAccessMode(
                VolumeCapability.AccessMode.newBuilder().setMode(Mode.MULTI_NODE_MULTI_WRITER));
    var request =
        volume.apply(NodePublishVolumeRequest.newBuilder().setVolumeCapability(capability)).build();
    call(channel -> stub(channel).nodePublishVolume(request));
  }

  private static NodeBlockingStub stub(ManagedChannel channel) {
    return NodeGrpc.newBlockingStub(channel).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }

  /** One call. */
  private interface Call {
    Object on(ManagedChannel channel);
  }

  private void call(Call call) throws IOException, InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var channel = channel();
      try {
        call.on(channel);
        return;
      } catch (StatusRuntimeException e) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException("the node plugin: " + e.getStatus(), e);
        }
        TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private ManagedChannel channel() {
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket()))
        .channelType(NioDomainSocketChannel.class)
        .eventLoopGroup(loop)
        .usePlaintext()
        .build();
  }

  @Override
  public void close() {
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
