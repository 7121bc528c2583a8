package io.ossmount.cache.control;

import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;
import io.ossmount.cache.block.BlockCache.CacheUsage;
import io.ossmount.proto.control.v1.CacheControlGrpc;
import io.ossmount.proto.control.v1.CacheStatistics;
import io.ossmount.proto.control.v1.GetStatusRequest;
import io.ossmount.proto.control.v1.GetStatusResponse;
import io.ossmount.proto.control.v1.NestedMountStatus;
import io.ossmount.proto.control.v1.ResetState;
import io.ossmount.proto.control.v1.Session;
import io.ossmount.proto.control.v1.StoreCheck;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers the operator. Never waits. */
public final class CacheControlService extends CacheControlGrpc.CacheControlImplBase {
  private final Supplier<PodStatus> status;

  /**
   * All that the operator is told.
   *
   * @param configurationHash of the configuration in force
   * @param mounts the nested ones
   */
  public record PodStatus(
      String configurationHash,
      StoreHealth store,
      List<SessionReport> sessions,
      CacheUsage cache,
      PendingReport pending,
      Optional<ResetReport> reset,
      List<NestedHealth> mounts) {}

  /** A session that this process has. */
  public record SessionReport(String session, String volume, long openFiles) {}

  /** Answers what {@code status} says. */
  public CacheControlService(Supplier<PodStatus> status) {
    this.status = status;
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> reply) {
    PodStatus now = status.get();
    GetStatusResponse.Builder response =
        GetStatusResponse.newBuilder()
            .setConfigurationHash(now.configurationHash())
            .setStore(store(now.store()))
            .setCache(cache(now.cache()))
            .setPending(now.pending().message());
    now.reset().ifPresent(reset -> response.setReset(reset(reset)));
    for (SessionReport session : now.sessions()) {
      response.addSessions(
          Session.newBuilder()
              .setSession(session.session())
              .setVolume(session.volume())
              .setOpenFiles(session.openFiles()));
    }
    for (NestedHealth mount : now.mounts()) {
      response.addMounts(
          NestedMountStatus.newBuilder().setPath(mount.path()).setStore(store(mount.store())));
    }
    reply.onNext(response.build());
    reply.onCompleted();
  }

  private static StoreCheck store(StoreHealth health) {
    StoreCheck.Builder check =
        StoreCheck.newBuilder()
            .setReason(health.reason())
            .setMessage(health.message())
            .setDirectoryEmpty(health.directoryEmpty());
    health.checked().ifPresent(when -> check.setChecked(timestamp(when)));
    return check.build();
  }

  private static CacheStatistics cache(CacheUsage usage) {
    return CacheStatistics.newBuilder()
        .setCapacityBytes(usage.capacityBytes())
        .setUsedBytes(usage.usedBytes())
        .setHitBytes(usage.hitBytes())
        .setMissBytes(usage.missBytes())
        .setFetchedBytes(usage.fetchedBytes())
        .build();
  }

  private static ResetState reset(ResetReport report) {
    ResetState.Builder state =
        ResetState.newBuilder()
            .setValue(report.value())
            .setDroppedBytes(report.droppedBytes())
            .setError(report.error());
    report.finished().ifPresent(when -> state.setFinished(timestamp(when)));
    return state.build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
