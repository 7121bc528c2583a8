package io.ossmount.cache.fs;

import io.ossmount.cache.control.PodTraffic;
import io.ossmount.cache.write.RunningUploads;
import io.ossmount.cache.write.StagingArea;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What a mount does, for who watches it. Its methods never wait. Thread-safe. */
public final class MountActivity {
  private final MountShared mount;
  private final StagingArea staging;
  private final InstantSource clock;

  /**
   * What all trees of a mount do.
   *
   * @param staging one of its areas: they share their bytes
   */
  MountActivity(MountShared mount, StagingArea staging, InstantSource clock) {
    this.mount = mount;
    this.staging = staging;
    this.clock = clock;
  }

  /** How many sessions there are in this state. */
  public long sessions(Passthrough state) {
    return mount.sessions().stream().filter(session -> session.passthrough() == state).count();
  }

  /** Files that are open, in all sessions. */
  public long openFiles() {
    return mount.sessions().stream().mapToLong(SessionFileSystem::openFiles).sum();
  }

  /** Files of the cache that kernels may read themselves. */
  public long backingFiles() {
    return mount.sessions().stream().mapToLong(SessionFileSystem::backingFiles).sum();
  }

  /** How files were opened by all sessions, also by those that are over. */
  public OpenCounts opens() {
    return mount.opens().counts();
  }

  /** Files that were fetched before they were opened. */
  public long filesAhead() {
    return mount.filesAhead().sum();
  }

  /** Bytes that were written and are not uploaded. */
  public long stagedBytes() {
    return staging.usedBytes();
  }

  /** Most that these may be. */
  public long stagingCapacityBytes() {
    return staging.capacityBytes();
  }

  /** What became of uploads of files. */
  public UploadCounts uploads() {
    return mount.uploads().counts();
  }

  /** What was acknowledged and is not in OSS yet. */
  public PendingWrites pending() {
    return mount.pending();
  }

  /** How long the oldest of these waits; zero when there is none. */
  public Duration pendingAge() {
    Duration age =
        pending()
            .oldest()
            .map(since -> Duration.between(since, clock.instant()))
            .orElse(Duration.ZERO);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Files that go up now, by their paths below the root; the oldest first. */
  public List<PodTraffic.Upload> runningUploads() {
    MountTable mounts = mount.mounts();
    return mount.trees().stream()
        .flatMap(tree -> tree.uploads().running().stream().map(one -> shown(mounts, tree, one)))
        .toList();
  }

  private static PodTraffic.Upload shown(
      MountTable mounts, MountTree tree, RunningUploads.Upload one) {
    String path = mounts.path(tree) + one.key().substring(tree.options().prefix().length());
    return new PodTraffic.Upload(path, one.totalBytes(), one.sentBytes());
  }

  /** Uploads and other work that nobody waits for and that is not done yet. */
  public int backgroundTasks() {
    return mount.trees().stream().mapToInt(tree -> tree.background().tasks()).sum();
  }
}
