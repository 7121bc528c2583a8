package io.ossmount.cache;

import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.control.Directories;
import io.ossmount.cache.control.NestedHealth;
import io.ossmount.cache.fs.MountActivity;
import io.ossmount.cache.fs.MountSessions;
import io.ossmount.cache.fs.MountTree;
import io.ossmount.cache.memory.MemoryPlan;
import io.ossmount.cache.serve.SessionFactory;
import io.ossmount.cache.serve.SessionsToCome;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.StagingBudget;
import io.ossmount.cache.write.StagingTarget;
import io.ossmount.cache.write.Uploader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** The files of a mount and what they stand on, put together. */
final class MountedFiles implements AutoCloseable {
  private final Uploader uploader;
  private final StagingArea staging;
  private final MountTree tree;
  private final NestedMounts nested;
  private final AtomicBoolean closed = new AtomicBoolean();

  private MountedFiles(
      Uploader uploader, StagingArea staging, MountTree tree, NestedMounts nested) {
    this.uploader = uploader;
    this.staging = staging;
    this.tree = tree;
    this.nested = nested;
  }

  /**
   * Puts them together, and goes on with what an earlier process had not uploaded.
   *
   * @param store the mount's own; nested mounts have others
   * @param node name of this machine
   * @param requests who watches those of nested mounts
   * @param sessions of that process, which that waits for
   */
  static MountedFiles of(
      MountSettings settings,
      MemoryPlan memory,
      ObjectStore store,
      DiskBlockCache cache,
      Path stagingDirectory,
      String node,
      SessionsToCome sessions,
      StoreRequests requests)
      throws IOException {
    Files.createDirectories(stagingDirectory);
    long free = Files.getFileStore(stagingDirectory).getUsableSpace();
    StagingBudget budget = new StagingBudget(capacity(settings, free));
    StagingTarget target =
        new StagingTarget(settings.source().bucket(), settings.source().prefix(), "");
    StagingArea staging = StagingArea.open(stagingDirectory, budget, target);
    Uploader uploader = new Uploader(store, settings.write().partSizeBytes());
    MountTree tree =
        new MountTree(
            MountSessions.options(settings),
            new MountTree.Parts(
                store,
                cache,
                staging,
                uploader,
                Clock.systemUTC(),
                System::nanoTime,
                memory.names(),
                node));
    tree.recover(sessions);
    NestedMounts nested =
        new NestedMounts(
            new NestedTree.Ground(
                tree, cache, stagingDirectory, budget, memory.names(), node, requests));
    nested.apply(settings, sessions);
    return new MountedFiles(uploader, staging, tree, nested);
  }

  /** Never more than half of what is free. */
  private static long capacity(MountSettings settings, long free) {
    return Math.min(settings.write().stagingSizeBytes(), free / 2);
  }

  SessionFactory sessions() {
    return new MountSessions(tree);
  }

  /** What they do, for who watches it. */
  MountActivity activity() {
    return tree.activity();
  }

  /** How the buckets of nested mounts are. */
  List<NestedHealth> nestedHealth() {
    return nested.health();
  }

  /** What is in their directories. */
  Directories directories() {
    return tree.directories();
  }

  /**
   * Goes on with other owners, modes, time-outs, bounds of writing, rights to write, and nested
   * mounts.
   */
  void apply(MountSettings changed) throws IOException {
    tree.options(MountSessions.options(changed));
    uploader.partBytes(changed.write().partSizeBytes());
    // What is left of a tree that was not there cannot be of a session that is.
    nested.apply(changed, SessionsToCome.NONE);
    staging.capacityBytes(capacity(changed, staging.freeBytes() + staging.usedBytes()));
  }

  /** What is cached is not used any more by who comes from now on. */
  void reset() {
    tree.reset();
  }

  /** Leaves what was written to the next process, which goes on with the sessions. */
  void handOver() {
    if (closed.compareAndSet(false, true)) {
      together(tree::handOver, nested::handOver);
    }
  }

  /** Uploads what was written, unless it was handed over. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      together(tree::close, nested::close);
      uploader.close();
    }
  }

  private static void together(Runnable one, Runnable other) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(other);
      one.run();
    }
  }
}
