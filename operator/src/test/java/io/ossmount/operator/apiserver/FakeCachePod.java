package io.ossmount.operator.apiserver;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.ossmount.operator.control.GrpcControlClient;
import io.ossmount.operator.plan.Hashes;
import io.ossmount.proto.config.v1.MountConfiguration;
import io.ossmount.proto.control.v1.CacheControlGrpc;
import io.ossmount.proto.control.v1.CacheStatistics;
import io.ossmount.proto.control.v1.Conflict;
import io.ossmount.proto.control.v1.DeadSessions;
import io.ossmount.proto.control.v1.DirectoryEntry;
import io.ossmount.proto.control.v1.GetStatusRequest;
import io.ossmount.proto.control.v1.GetStatusResponse;
import io.ossmount.proto.control.v1.ListDirectoryRequest;
import io.ossmount.proto.control.v1.ListDirectoryResponse;
import io.ossmount.proto.control.v1.NestedMountStatus;
import io.ossmount.proto.control.v1.PendingWrites;
import io.ossmount.proto.control.v1.ResetState;
import io.ossmount.proto.control.v1.Session;
import io.ossmount.proto.control.v1.StoreCheck;
import io.ossmount.proto.control.v1.Traffic;
import io.ossmount.proto.control.v1.Upload;
import io.ossmount.proto.control.v1.Uploads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands for kubelet and container of a cache pod: says that it runs, and answers the operator with
 * what the pod's own Secret has of certificates, at an address of its own of the loopback network.
 */
public final class FakeCachePod extends CacheControlGrpc.CacheControlImplBase
    implements AutoCloseable {
  private final KubernetesClient client;
  private final Pod pod;
  private final String secretName;
  private final Server server;

  // What it answers; tests change it while the server runs.
  private volatile String reason = "Reachable";
  private volatile int sessions;
  private volatile long usedBytes;
  private final Map<String, String> reasonsOfMounts = new ConcurrentHashMap<>();
  private volatile DeadSessions dead = DeadSessions.getDefaultInstance();
  private volatile ResetState reset = ResetState.getDefaultInstance();
  private volatile PendingWrites pending = PendingWrites.getDefaultInstance();

  /** Runs the pod at this address, such as 127.64.0.1. */
  public FakeCachePod(KubernetesClient client, Pod pod, String mount, String address)
      throws IOException {
    this.client = client;
    this.pod = pod;
    this.secretName = "ossmount-" + mount;
    var secret = secret();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(address, GrpcControlClient.PORT))
            .sslContext(
                GrpcSslContexts.forServer(read(secret, "tls.crt"), read(secret, "tls.key"))
                    .trustManager(read(secret, "ca.crt"))
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .addService(this)
            .build()
            .start();
    status(address, 0);
  }

  /** The scheduler binds the pod to its node; from then on it is not gone as soon as deleted. */
  public static void bind(KubernetesClient client, Pod pod, String node) {
    client
        .bindings()
        .inNamespace(pod.getMetadata().getNamespace())
        .resource(
            new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(node)
                .endTarget()
                .build())
        .create();
  }

  /** Kubelet has restarted the container, with all that the pod's spec has now. */
  public void restarted() {
    var now = pod().get();
    status(
        now.getStatus().getPodIP(),
        1 + now.getStatus().getContainerStatuses().getFirst().getRestartCount());
  }

  private void status(String address, int restarts) {
    pod()
        .editStatus(now -> {
          var container = now.getSpec().getContainers().getFirst();
          return new PodBuilder(now)
              .withNewStatus()
              .withPhase("Running")
              .withPodIP(address)
              .addNewCondition()
              .withType("Ready")
              .withStatus("True")
              .endCondition()
              .addNewContainerStatus()
              .withName(container.getName())
              .withImage(container.getImage())
              .withImageID(container.getImage())
              .withContainerID("containerd://" + restarts)
              .withRestartCount(restarts)
              .withReady(true)
              .withNewState()
              .withNewRunning()
              .endRunning()
              .endState()
              .withResources(container.getResources())
              .endContainerStatus()
              .endStatus()
              .build();
        });
  }

  private PodResource pod() {
    return client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName());
  }

  /** What its check of the bucket gives from now on. */
  public void finds(String storeReason) {
    reason = storeReason;
  }

  /** What its check of the bucket of a nested mount gives from now on. */
  public void findsOf(String path, String storeReason) {
    reasonsOfMounts.put(path, storeReason);
  }

  /** What it serves and holds from now on. */
  public void serves(int sessionCount, long bytes) {
    sessions = sessionCount;
    usedBytes = bytes;
  }

  /** What it says of volumes that give errors on its node from now on. */
  public void hasDead(DeadSessions sessions) {
    dead = sessions;
  }

  /** What it says of a reset from now on: it is done. */
  public void hasReset(String value, long droppedBytes) {
    reset =
        ResetState.newBuilder()
            .setValue(value)
            .setDroppedBytes(droppedBytes)
            .setFinished(Timestamp.getDefaultInstance())
            .build();
  }

  /** So many objects of a mebibyte wait from now on, the oldest since then. */
  public void uploads(long objects, Instant oldest) {
    pending =
        PendingWrites.newBuilder()
            .setObjects(objects)
            .setBytes(objects << 20)
            .setOldest(Timestamp.newBuilder().setSeconds(oldest.getEpochSecond()))
            .build();
  }

  /** All is uploaded. */
  public void hasUploaded() {
    pending = PendingWrites.getDefaultInstance();
  }

  /** What it says of a conflict from now on. */
  public void hasConflict(String key, String kept) {
    pending =
        pending.toBuilder()
            .setConflicts(1)
            .setLastConflict(Conflict.newBuilder().setKey(key).setKept(kept))
            .build();
  }

  /** The configuration that it has. */
  public String mountJson() {
    return new String(
        Base64.getDecoder().decode(secret().getData().get("mount.json")), StandardCharsets.UTF_8);
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> reply) {
    var json = mountJson();
    var answer =
        GetStatusResponse.newBuilder()
            .setConfigurationHash(Hashes.sha256(json))
            .setStore(StoreCheck.newBuilder().setReason(reason).setMessage("it is " + reason))
            .setCache(
                CacheStatistics.newBuilder().setCapacityBytes(1L << 30).setUsedBytes(usedBytes))
            .setDeadSessions(dead)
            .setPending(pending)
            .setTraffic(
                Traffic.newBuilder()
                    .setUploads(
                        Uploads.newBuilder()
                            .setCount(1)
                            .addFirst(
                                Upload.newBuilder()
                                    .setPath("going-up.bin")
                                    .setTotalBytes(100)
                                    .setSentBytes(10))));
    for (var mount : configuration(json).getMountsList()) {
      var found = reasonsOfMounts.getOrDefault(mount.getPath(), "Reachable");
      answer.addMounts(
          NestedMountStatus.newBuilder()
              .setPath(mount.getPath())
              .setStore(StoreCheck.newBuilder().setReason(found).setMessage("it is " + found)));
    }
    if (!reset.getValue().isEmpty()) {
      answer.setReset(reset);
    }
    for (int i = 0; i < sessions; i++) {
      answer.addSessions(Session.newBuilder().setSession("s" + i));
    }
    reply.onNext(answer.build());
    reply.onCompleted();
  }

  /** There is one file in each, a quarter of which is cached. */
  @Override
  public void listDirectory(
      ListDirectoryRequest request, StreamObserver<ListDirectoryResponse> reply) {
    reply.onNext(
        ListDirectoryResponse.newBuilder()
            .addEntries(
                DirectoryEntry.newBuilder()
                    .setName("file-of-" + request.getPath())
                    .setSizeBytes(4096)
                    .setCachedBytes(1024))
            .build());
    reply.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static MountConfiguration configuration(String json) {
    var message = MountConfiguration.newBuilder();
    try {
      JsonFormat.parser().merge(json, message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("mount.json is damaged", e);
    }
    return message.build();
  }

  private Secret secret() {
    return client
        .secrets()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(secretName)
        .require();
  }

  private static InputStream read(Secret secret, String key) {
    return new ByteArrayInputStream(
        Base64.getDecoder().decode(Objects.requireNonNull(secret.getData().get(key))));
  }
}
