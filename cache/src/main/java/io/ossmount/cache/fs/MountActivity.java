package io.ossmount.cache.fs;

import java.time.Duration;

/** What a mount does, for who watches it. Its methods never wait. Thread-safe. */
public final class MountActivity {
  private final MountTree tree;

  MountActivity(MountTree tree) {
    this.tree = tree;
  }

  /** How many sessions there are in this state. */
  public long sessions(Passthrough state) {
    return tree.sessions().stream().filter(session -> session.passthrough() == state).count();
  }

  /** Files that are open, in all sessions. */
  public long openFiles() {
    return tree.sessions().stream().mapToLong(SessionFileSystem::openFiles).sum();
  }

  /** Files of the cache that kernels may read themselves. */
  public long backingFiles() {
    return tree.sessions().stream().mapToLong(SessionFileSystem::backingFiles).sum();
  }

  /** How files were opened by all sessions, also by those that are over. */
  public OpenCounts opens() {
    return tree.opens().counts();
  }

  /** Files that were fetched before they were opened. */
  public long filesAhead() {
    return tree.ahead().fetched();
  }

  /** Bytes that were written and are not uploaded. */
  public long stagedBytes() {
    return tree.staging().usedBytes();
  }

  /** Most that these may be. */
  public long stagingCapacityBytes() {
    return tree.staging().capacityBytes();
  }

  /** What became of uploads of files. */
  public UploadCounts uploads() {
    return tree.uploads().counts();
  }

  /** What was acknowledged and is not in OSS yet. */
  public PendingWrites pending() {
    return tree.async().pending();
  }

  /** How long the oldest of these waits; zero when there is none. */
  public Duration pendingAge() {
    Duration age =
        pending().oldest().map(since -> Duration.between(since, tree.now())).orElse(Duration.ZERO);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Uploads and other work that nobody waits for and that is not done yet. */
  public int backgroundTasks() {
    return tree.background().tasks();
  }
}
