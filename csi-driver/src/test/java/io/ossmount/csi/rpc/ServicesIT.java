package io.ossmount.csi.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import csi.v1.CapacityRange;
import csi.v1.ControllerGetCapabilitiesRequest;
import csi.v1.ControllerGrpc;
import csi.v1.CreateVolumeRequest;
import csi.v1.DeleteVolumeRequest;
import csi.v1.GetPluginCapabilitiesRequest;
import csi.v1.GetPluginInfoRequest;
import csi.v1.IdentityGrpc;
import csi.v1.ListVolumesRequest;
import csi.v1.NodeGetCapabilitiesRequest;
import csi.v1.NodeGetInfoRequest;
import csi.v1.NodeGrpc;
import csi.v1.NodePublishVolumeRequest;
import csi.v1.NodeServiceCapability;
import csi.v1.NodeStageVolumeRequest;
import csi.v1.NodeUnpublishVolumeRequest;
import csi.v1.ProbeRequest;
import csi.v1.ValidateVolumeCapabilitiesRequest;
import csi.v1.VolumeCapability;
import csi.v1.VolumeCapability.AccessMode.Mode;
import csi.v1.VolumeContentSource;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.ossmount.csi.controller.Provisioner;
import io.ossmount.csi.node.NodeVolumes;
import io.ossmount.csi.registration.KubeletRegistration;
import io.ossmount.csi.testing.FakeCluster;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.Publication;
import io.ossmount.csi.volume.TargetPath;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import io.ossmount.csi.volume.VolumeId;
import io.ossmount.proto.pluginregistration.v1.InfoRequest;
import io.ossmount.proto.pluginregistration.v1.RegistrationGrpc;
import io.ossmount.proto.pluginregistration.v1.RegistrationStatus;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The services on a real unix socket, with fakes behind them. */
@Timeout(90)
final class ServicesIT {
  private static final VolumeCapability WRITER = capability(Mode.MULTI_NODE_MULTI_WRITER);

  @TempDir private Path directory;

  private final FakeCluster cluster = new FakeCluster();
  private final RecordingVolumes volumes = new RecordingVolumes();
  private final KubeletRegistration registration =
      new KubeletRegistration(Path.of("/k/plugins/ossmount.io/csi.sock"));
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private UnixGrpcServer server;
  private ManagedChannel channel;

  @BeforeEach
  void the_services_listen() throws IOException {
    var socket = directory.resolve("plugin").resolve("csi.sock");
    Files.createDirectories(socket.getParent());
    Files.writeString(socket, "left behind");
    server =
        new UnixGrpcServer(
            socket,
            List.of(
                new IdentityService("1.2.3", () -> true),
                new ControllerService(new Provisioner(cluster)),
                new NodeService("node-1", Path.of("/k"), volumes),
                registration));
    server.start();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .usePlaintext()
            .build();
    cluster.put("ml", "data", "u-1", "spec: {bucket: b}");
  }

  @AfterEach
  void all_ends() throws InterruptedException {
    channel.shutdownNow();
    assertThat(channel.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    server.close();
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Test
  void the_plugin_says_who_it_is() {
    var identity = IdentityGrpc.newBlockingStub(channel);

    var info = identity.getPluginInfo(GetPluginInfoRequest.getDefaultInstance());
    assertThat(info.getName()).isEqualTo("ossmount.io");
    assertThat(info.getVendorVersion()).isEqualTo("1.2.3");
    assertThat(
            identity
                .getPluginCapabilities(GetPluginCapabilitiesRequest.getDefaultInstance())
                .getCapabilitiesCount())
        .isEqualTo(1);
    assertThat(identity.probe(ProbeRequest.getDefaultInstance()).getReady().getValue()).isTrue();
  }

  @Test
  void volumes_are_made_and_deleted_any_number_of_times() {
    var first = controller().createVolume(create().build()).getVolume();
    var second = controller().createVolume(create().build()).getVolume();

    assertThat(first).isEqualTo(second);
    assertThat(first.getVolumeId()).isEqualTo("u-1.vol");
    assertThat(first.getCapacityBytes()).isZero();
    for (int i = 0; i < 2; i++) {
      controller().deleteVolume(DeleteVolumeRequest.newBuilder().setVolumeId("u-1.vol").build());
    }
  }

  @Test
  void requests_that_no_volume_can_meet_are_refused() {
    refused(create().clearName());
    refused(create().clearVolumeCapabilities());
    refused(create().clearVolumeCapabilities().addVolumeCapabilities(block()));
    refused(create().clearVolumeCapabilities().addVolumeCapabilities(capability(Mode.UNKNOWN)));
    refused(
        create()
            .setVolumeContentSource(
                VolumeContentSource.newBuilder()
                    .setVolume(
                        VolumeContentSource.VolumeSource.newBuilder().setVolumeId("other"))));
    refused(
        create().setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(2).setLimitBytes(1)));
    refused(create().putParameters("onDelete", "delete"));
    assertCode(
        Code.INVALID_ARGUMENT,
        () -> controller().deleteVolume(DeleteVolumeRequest.getDefaultInstance()));
  }

  @Test
  void capabilities_are_confirmed_for_volumes_that_exist() {
    var request =
        ValidateVolumeCapabilitiesRequest.newBuilder()
            .setVolumeId("u-1.vol")
            .addVolumeCapabilities(WRITER)
            .build();

    assertThat(controller().validateVolumeCapabilities(request).getConfirmed())
        .extracting(confirmed -> confirmed.getVolumeCapabilities(0))
        .isEqualTo(WRITER);
    var blocks = request.toBuilder().clearVolumeCapabilities().addVolumeCapabilities(block());
    var answer = controller().validateVolumeCapabilities(blocks.build());
    assertThat(answer.hasConfirmed()).isFalse();
    assertThat(answer.getMessage()).contains("Block");
    assertCode(
        Code.NOT_FOUND,
        () ->
            controller()
                .validateVolumeCapabilities(request.toBuilder().setVolumeId("u-9.v").build()));
    assertCode(
        Code.INVALID_ARGUMENT,
        () ->
            controller()
                .validateVolumeCapabilities(request.toBuilder().clearVolumeCapabilities().build()));
  }

  @Test
  void only_what_works_is_offered() {
    assertThat(
            controller()
                .controllerGetCapabilities(ControllerGetCapabilitiesRequest.getDefaultInstance())
                .getCapabilitiesList())
        .hasSize(1);
    assertThat(
            node()
                .nodeGetCapabilities(NodeGetCapabilitiesRequest.getDefaultInstance())
                .getCapabilitiesList())
        .extracting(capability -> capability.getRpc().getType())
        .containsExactly(NodeServiceCapability.RPC.Type.VOLUME_MOUNT_GROUP);
    assertThat(node().nodeGetInfo(NodeGetInfoRequest.getDefaultInstance()).getNodeId())
        .isEqualTo("node-1");
    assertCode(
        Code.UNIMPLEMENTED,
        () -> controller().listVolumes(ListVolumesRequest.getDefaultInstance()));
    assertCode(
        Code.UNIMPLEMENTED,
        () -> node().nodeStageVolume(NodeStageVolumeRequest.getDefaultInstance()));
  }

  @Test
  void a_publication_is_parsed_and_has_the_callers_deadline() {
    var _ =
        node()
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .nodePublishVolume(
                publish().setVolumeCapability(capability(Mode.MULTI_NODE_READER_ONLY)).build());

    var files = (Publication.Files) volumes.published.getFirst();
    assertThat(files.readOnly()).isTrue();
    assertThat(files.target().path()).isEqualTo(Path.of("/k/pods/1/mount"));
    assertThat(volumes.deadlines.getFirst().remaining().toSeconds()).isBetween(10L, 20L);
  }

  @Test
  void publications_that_make_no_sense_are_refused() {
    refused(publish().clearVolumeId());
    refused(publish().clearTargetPath());
    refused(publish().setTargetPath("/k/../etc"));
    refused(publish().clearVolumeCapability());
    refused(publish().setVolumeCapability(block()));
    refused(publish().clearVolumeContext());
    assertThat(volumes.published).isEmpty();
    assertCode(
        Code.INVALID_ARGUMENT,
        () ->
            node()
                .nodeUnpublishVolume(
                    NodeUnpublishVolumeRequest.newBuilder().setVolumeId("v").build()));
  }

  @Test
  void a_failure_of_the_domain_reaches_the_caller_with_its_code_and_words() {
    volumes.failure = new Unavailable("OssMount ml/data: AccessDenied: no right to list");

    assertThatThrownBy(() -> node().nodePublishVolume(publish().build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
              assertThat(e.getStatus().getDescription()).contains("AccessDenied");
            });
  }

  @Test
  void kubelet_registers_the_driver() {
    var kubelet = RegistrationGrpc.newBlockingStub(channel);

    var info = kubelet.getInfo(InfoRequest.getDefaultInstance());
    assertThat(info.getType()).isEqualTo("CSIPlugin");
    assertThat(info.getName()).isEqualTo("ossmount.io");
    assertThat(info.getEndpoint()).isEqualTo("/k/plugins/ossmount.io/csi.sock");
    assertThat(info.getSupportedVersionsList()).containsExactly("1.0.0");

    var _ =
        kubelet.notifyRegistrationStatus(RegistrationStatus.newBuilder().setError("no").build());
    assertThat(registration.failure()).isEqualTo("no");
    var _ =
        kubelet.notifyRegistrationStatus(
            RegistrationStatus.newBuilder().setPluginRegistered(true).build());
    assertThat(registration.failure()).isNull();
  }

  private ControllerGrpc.ControllerBlockingStub controller() {
    return ControllerGrpc.newBlockingStub(channel);
  }

  private NodeGrpc.NodeBlockingStub node() {
    return NodeGrpc.newBlockingStub(channel);
  }

  private void refused(CreateVolumeRequest.Builder request) {
    assertCode(Code.INVALID_ARGUMENT, () -> controller().createVolume(request.build()));
  }

  private void refused(NodePublishVolumeRequest.Builder request) {
    assertCode(Code.INVALID_ARGUMENT, () -> node().nodePublishVolume(request.build()));
  }

  private static void assertCode(Code code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }

  private static CreateVolumeRequest.Builder create() {
    return CreateVolumeRequest.newBuilder()
        .setName("vol")
        .addVolumeCapabilities(WRITER)
        .putParameters("ossMount", "ml/data");
  }

  private static NodePublishVolumeRequest.Builder publish() {
    return NodePublishVolumeRequest.newBuilder()
        .setVolumeId("u-1.vol")
        .setTargetPath("/k/pods/1/mount")
        .setVolumeCapability(WRITER)
        .putVolumeContext("ossmount.io/namespace", "ml")
        .putVolumeContext("ossmount.io/name", "data");
  }

  private static VolumeCapability capability(Mode mode) {
    return VolumeCapability.newBuilder()
        .setMount(VolumeCapability.MountVolume.getDefaultInstance())
        .setAccessMode(VolumeCapability.AccessMode.newBuilder().setMode(mode))
        .build();
  }

  private static VolumeCapability block() {
    return WRITER.toBuilder().setBlock(VolumeCapability.BlockVolume.getDefaultInstance()).build();
  }

  private static final class RecordingVolumes implements NodeVolumes {
    private final List<Publication> published = new CopyOnWriteArrayList<>();
    private final List<Deadline> deadlines = new CopyOnWriteArrayList<>();
    private volatile @Nullable RuntimeException failure;

    @Override
    public void publish(Publication publication, Deadline deadline) {
      if (failure != null) {
        throw failure;
      }
      published.add(publication);
      deadlines.add(deadline);
    }

    @Override
    public void unpublish(VolumeId id, TargetPath target, Deadline deadline) {}
  }
}
