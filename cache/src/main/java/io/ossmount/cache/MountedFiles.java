package io.ossmount.cache;

import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.control.Directories;
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
  private static final long PART_BYTES = 16L << 20;

  /**
   * Most that written and not yet uploaded bytes take, and never more than half of what is free.
   */
  private static final long STAGING_BYTES = 50L << 30;

  private final Uploader uploader;
  private final MountTree tree;
  private final AtomicBoolean closed = new AtomicBoolean();

  private MountedFiles(Uploader uploader, MountTree tree) {
    this.uploader = uploader;
    this.tree = tree;
  }

  /**
   * Puts them together, and goes on with what an earlier process had not uploaded.
   *
   * @param patience so long that waits for the sessions of the process; zero: none will come
   */
  static MountedFiles of(
      MountSettings settings,
      MemoryPlan memory,
      ObjectStore store,
      BlockCache cache,
      Path stagingDirectory,
      Duration patience)
      throws IOException {
    Files.createDirectories(stagingDirectory);
    long free = Files.getFileStore(stagingDirectory).getUsableSpace();
    StagingArea staging = StagingArea.open(stagingDirectory, Math.min(STAGING_BYTES, free / 2));
    Uploader uploader = new Uploader(store, PART_BYTES);
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
                memory.names()));
    tree.recover(patience);
    return new MountedFiles(uploader, tree);
  }

  SessionFactory sessions() {
    return new MountSessions(tree);
  }

  /** What they do, for who watches it. */
  MountActivity activity() {
    return tree.activity();
  }

  /** What is in their directories. */
  Directories directories() {
    return tree.directories();
  }

  /** Goes on with other owners, modes, time-outs, and rights to write. */
  void apply(MountSettings changed) {
    tree.options(MountSessions.options(changed));
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
