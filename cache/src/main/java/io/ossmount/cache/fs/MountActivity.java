package io.ossmount.cache.fs;

import io.ossmount.cache.control.PodTraffic;
import java.util.List;

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

  /** Files that go up now, by their paths below the root; the oldest first. */
  public List<PodTraffic.Upload> runningUploads() {
    int root = tree.options().prefix().length();
    return tree.uploads().running().stream()
        .map(one ->
            new PodTraffic.Upload(one.key().substring(root), one.totalBytes(), one.sentBytes()))
        .toList();
  }

  /** Uploads and other work that nobody waits for and that is not done yet. */
  public int backgroundTasks() {
    return tree.background().tasks();
  }
}
