package io.ossmount.cache;

import io.ossmount.cache.block.BlockCache;
import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.config.MountSettings;
import io.ossmount.cache.config.MountSettings.NestedMount;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.control.StoreHealth;
import io.ossmount.cache.control.StoreMonitor;
import io.ossmount.cache.fs.MountSessions;
import io.ossmount.cache.fs.MountTree;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.RetryingObjectStore;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.SwappableObjectStore;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.cache.write.StagingArea;
import io.ossmount.cache.write.StagingBudget;
import io.ossmount.cache.write.StagingTarget;
import io.ossmount.cache.write.Uploader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One nested mount: its tree, and what that stands on. It has a client, threads and bounds of its
 * own, so that a bucket which does not answer harms nobody but those who use it. Not thread-safe
 * but for {@link #health()} and {@link #hidesFile()}; {@link NestedMounts} guards it.
 */
final class NestedTree implements AutoCloseable {
  /**
   * So long a call may take while the bucket is known not to answer. Each takes one of the places
   * that a session has for requests, which are those of the other buckets as well.
   */
  private static final Duration WHILE_AWAY = Duration.ofSeconds(10);

  private final SwappableObjectStore swappable;
  private final RetryingObjectStore store;
  private final BlockCache blocks;
  private final Uploader uploader;
  private final MountTree tree;
  private final HiddenFile hidden;
  private volatile Wanted wanted;
  private volatile @Nullable StoreMonitor monitor;

  /** How it is to be. */
  private record Wanted(NestedMount mount, Timeouts timeouts) {
    static Wanted of(MountSettings settings, NestedMount mount) {
      return new Wanted(mount, settings.timeouts());
    }

    Source source() {
      return mount.source();
    }

    OssObjectStore connect() {
      return OssObjectStore.connect(source(), timeouts);
    }
  }

  /**
   * What the trees of a mount stand on together.
   *
   * @param root the mount's own tree
   * @param staging its directory; each nested tree has one below it
   * @param names that a tree remembers until {@link MountTree#names} says otherwise
   * @param node name of this machine
   * @param requests who watches what is asked of the stores
   */
  record Ground(
      MountTree root,
      DiskBlockCache cache,
      Path staging,
      StagingBudget budget,
      int names,
      String node,
      StoreRequests requests) {
    /** In which each nested tree has its staging directory. */
    Path nested() {
      return staging.resolve("nested");
    }

    /** That of a tree. */
    Path staging(long id) {
      return nested().resolve(HexFormat.of().toHexDigits(id));
    }
  }

  /** Makes it; nothing of it is seen yet, and nobody is asked. */
  NestedTree(Ground ground, MountSettings settings, NestedMount mount) throws IOException {
    this.wanted = Wanted.of(settings, mount);
    long id = id(mount);
    Path directory = ground.staging(id);
    Files.createDirectories(directory);
    Source source = mount.source();
    StagingTarget target = new StagingTarget(source.bucket(), source.prefix(), mount.path());
    // What may fail comes before what would have to be ended then.
    StagingArea staging = StagingArea.open(directory, ground.budget, target);
    OssObjectStore client = wanted.connect();
    this.swappable = new SwappableObjectStore(client, client::close);
    ObjectStore counted = ground.requests.counted(swappable);
    this.store =
        new RetryingObjectStore(counted, this::patience, failure -> failed(ground, failure));
    this.blocks = ground.cache.ofBucket(identity(mount), store);
    this.uploader =
        new Uploader(
            new RetryingObjectStore(
                counted, () -> wanted.timeouts.operation(), failure -> failed(ground, failure)),
            settings.write().partSizeBytes());
    this.tree =
        ground.root.nested(
            id,
            MountSessions.options(settings, mount),
            new MountTree.Parts(
                store,
                blocks,
                staging,
                uploader,
                Clock.systemUTC(),
                System::nanoTime,
                ground.names,
                ground.node));
    this.hidden = new HiddenFile(tree::hidesFile);
  }

  /** Says to the next process which tree it is; with another bucket or directory it is another. */
  static long id(NestedMount mount) {
    return MountTree.idOf(mount.path(), mount.source().bucket(), mount.source().prefix());
  }

  /** No two trees have the same: each writes its own files of the cache. */
  private static String identity(NestedMount mount) {
    Source source = mount.source();
    // With the directory: the tree of the one before it may still be in use.
    return String.join(
        "\0", source.bucket(), source.endpoint().toString(), mount.path(), source.prefix());
  }

  /** Of a call; what was written is given all the time that there is. */
  private Duration patience() {
    Duration usual = wanted.timeouts.operation();
    StoreHealth health = health();
    boolean isAway = !health.isGood() && health.checked().isPresent();
    return isAway && usual.compareTo(WHILE_AWAY) > 0 ? WHILE_AWAY : usual;
  }

  private void failed(Ground ground, StoreException failure) {
    ground.requests.failed(failure);
    StoreMonitor watching = monitor;
    if (watching != null) {
      watching.failed(failure);
    }
  }

  MountTree tree() {
    return tree;
  }

  /** How its bucket is. */
  StoreHealth health() {
    StoreMonitor watching = monitor;
    return watching == null ? StoreHealth.CHECKING : watching.health();
  }

  /** Whether there is a file where it is seen. */
  boolean hidesFile() {
    return hidden.isFound();
  }

  private boolean check() {
    hidden.look();
    return store.check(wanted.source().prefix(), !wanted.mount.readOnly());
  }

  /** It is seen from now on: its bucket is looked at. */
  void begin() {
    if (monitor == null) {
      StoreMonitor begun =
          new StoreMonitor(this::check, StoreMonitor.Intervals.USUAL, Clock.systemUTC());
      monitor = begun;
      begun.start();
    }
  }

  /** It is not seen any more. */
  void leave() {
    StoreMonitor watching = monitor;
    if (watching != null) {
      watching.close();
      monitor = null;
    }
  }

  /** Goes on with other credentials, another endpoint, other time-outs or rights to write. */
  void apply(MountSettings settings, NestedMount mount) {
    Wanted before = wanted;
    Wanted now = Wanted.of(settings, mount);
    wanted = now;
    if (!now.source().equals(before.source()) || !now.timeouts.equals(before.timeouts)) {
      OssObjectStore client = now.connect();
      swappable.swap(client, client::close);
    }
    uploader.partBytes(settings.write().partSizeBytes());
    tree.options(MountSessions.options(settings, mount));
    StoreMonitor watching = monitor;
    if (watching != null && !now.equals(before)) {
      watching.checkSoon();
    }
  }

  /** Leaves what was written to the next process. */
  void handOver() {
    leave();
    tree.handOver();
  }

  /** Uploads what was written, within a deadline. */
  @Override
  public void close() {
    leave();
    tree.close();
    uploader.close();
    blocks.close();
    swappable.close();
  }
}
