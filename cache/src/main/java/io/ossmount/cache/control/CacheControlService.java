package io.ossmount.cache.control;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.ossmount.cache.block.BlockCache.CacheUsage;
import io.ossmount.cache.store.StoreException;
import io.ossmount.proto.control.v1.CacheControlGrpc;
import io.ossmount.proto.control.v1.CacheStatistics;
import io.ossmount.proto.control.v1.GetStatusRequest;
import io.ossmount.proto.control.v1.GetStatusResponse;
import io.ossmount.proto.control.v1.ListDirectoryRequest;
import io.ossmount.proto.control.v1.ListDirectoryResponse;
import io.ossmount.proto.control.v1.NestedMountStatus;
import io.ossmount.proto.control.v1.ResetState;
import io.ossmount.proto.control.v1.Session;
import io.ossmount.proto.control.v1.StoreCheck;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Answers the operator. Only what is asked of directories may wait. */
public final class CacheControlService extends CacheControlGrpc.CacheControlImplBase {
  private static final int MOST_ENTRIES = 1000;

  /** Each may wait for some requests to OSS, longer than the operator does. */
  private static final int MOST_LISTINGS = 4;

  private final Supplier<PodStatus> status;
  private final Supplier<PodTraffic> traffic;
  private final Directories directories;
  private final Semaphore listings = new Semaphore(MOST_LISTINGS);

  /**
   * All that the operator is told.
   *
   * @param configurationHash of the configuration in force
   * @param mounts the nested ones
   * @param deadSessions of this mount on the node
   */
  public record PodStatus(
      String configurationHash,
      StoreHealth store,
      List<SessionReport> sessions,
      CacheUsage cache,
      PendingReport pending,
      Optional<ResetReport> reset,
      List<NestedHealth> mounts,
      DeadSessionsReport deadSessions) {}

  /** A session that this process has. */
  public record SessionReport(String session, String volume, long openFiles) {}

  /** Answers what these say. */
  public CacheControlService(
      Supplier<PodStatus> status, Supplier<PodTraffic> traffic, Directories directories) {
    this.status = status;
    this.traffic = traffic;
    this.directories = directories;
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> reply) {
    PodStatus now = status.get();
    GetStatusResponse.Builder response =
        GetStatusResponse.newBuilder()
            .setConfigurationHash(now.configurationHash())
            .setStore(store(now.store()))
            .setCache(cache(now.cache()))
            .setPending(now.pending().message())
            .setDeadSessions(now.deadSessions().message())
            .setTraffic(TrafficMessages.traffic(traffic.get()));
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
          NestedMountStatus.newBuilder()
              .setPath(mount.path())
              .setStore(store(mount.store()))
              .setHidesFile(mount.hidesFile()));
    }
    reply.onNext(response.build());
    reply.onCompleted();
  }

  @Override
  public void listDirectory(
      ListDirectoryRequest request, StreamObserver<ListDirectoryResponse> reply) {
    if (!listings.tryAcquire()) {
      fail(reply, Status.RESOURCE_EXHAUSTED, "other directories are being listed");
      return;
    }
    Optional<Directories.Page> page;
    try {
      page = listed(request);
    } catch (IllegalArgumentException e) {
      fail(reply, Status.INVALID_ARGUMENT, "not a page token");
      return;
    } catch (StoreException e) {
      fail(reply, Status.UNAVAILABLE, StoreHealth.reason(e) + ": " + e.getMessage());
      return;
    }
    if (page.isEmpty()) {
      fail(reply, Status.NOT_FOUND, "there is no such directory");
    } else {
      reply.onNext(TrafficMessages.page(page.get()));
      reply.onCompleted();
    }
  }

  /** By who has a permit, which is free before the answer is sent. */
  private Optional<Directories.Page> listed(ListDirectoryRequest request) {
    try {
      int size = Math.clamp(request.getPageSize(), 1, MOST_ENTRIES);
      return directories.list(request.getPath(), request.getPageToken(), size);
    } finally {
      listings.release();
    }
  }

  private static void fail(StreamObserver<?> reply, Status status, String why) {
    reply.onError(status.withDescription(why).asRuntimeException());
  }

  private static StoreCheck store(StoreHealth health) {
    StoreCheck.Builder check =
        StoreCheck.newBuilder()
            .setReason(health.reason())
            .setMessage(health.message())
            .setDirectoryEmpty(health.directoryEmpty());
    health.checked().ifPresent(when -> check.setChecked(TrafficMessages.timestamp(when)));
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
    report.finished().ifPresent(when -> state.setFinished(TrafficMessages.timestamp(when)));
    return state.build();
  }
}
