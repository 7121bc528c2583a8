package io.ossmount.cache;

import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.fs.MountActivity;
import io.ossmount.cache.fs.MountSessions;
import io.ossmount.cache.fs.MountTree;
import io.ossmount.cache.memory.MemoryPlan;
import io.ossmount.cache.serve.SessionFactory;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.Uploader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The files of a mount and what they stand on, put together. */
final class MountedFiles implements AutoCloseable {
  private final Uploader uploader;
  private final StagingArea staging;
  private final MountTree tree;
  private final AtomicBoolean closed = new AtomicBoolean();

  private MountedFiles(Uploader uploader, StagingArea staging, MountTree tree) {
    this.uploader = uploader;
    this.staging = staging;
    this.tree = tree;
  }

  /**
   * Puts them together, and goes on with what an earlier process had not uploaded.
   *
   * @param node name of this machine
   * @param patience so long that waits for the sessions of the process; zero: none will come
   */
  static MountedFiles of(
      MountSettings settings,
      MemoryPlan memory,
      ObjectStore store,
      BlockCache cache,
      Path stagingDirectory,
      String node,
      Duration patience)
      throws IOException {
    Files.createDirectories(stagingDirectory);
    long free = Files.getFileStore(stagingDirectory).getUsableSpace();
    StagingArea staging = StagingArea.open(stagingDirectory, capacity(settings, free));
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
    tree.recover(patience);
    return new MountedFiles(uploader, staging, tree);
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

  /** Goes on with other owners, modes, time-outs, bounds of writing, and rights to write. */
  void apply(MountSettings changed) throws IOException {
    tree.options(MountSessions.options(changed));
    uploader.partBytes(changed.write().partSizeBytes());
    staging.capacityBytes(capacity(changed, staging.freeBytes() + staging.usedBytes()));
  }

  /** What is cached is not used any more by who comes from now on. */
  void reset() {
    tree.reset();
  }

  /** Leaves what was written to the next process, which goes on with the sessions. */
  void handOver() {
    if (closed.compareAndSet(false, true)) {
      tree.handOver();
    }
  }

  /** Uploads what was written, unless it was handed over. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      tree.close();
      uploader.close();
    }
  }
}
