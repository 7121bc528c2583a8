package io.ossmount.cache.block;

import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The block cache on a directory of a disk: two files for each object version, see {@link
 * VersionFiles}.
 *
 * <p>{@link OpenVersion} reads and fetches, {@link Space} accounts and evicts, {@link Scan} finds
 * at start what was there. File I/O is positional, on the threads that need it: virtual ones are
 * compensated by the JDK, and an interrupt harms no other, see {@link CacheFile}.
 */
public final class DiskBlockCache implements BlockCache {
  private static final Logger log = LoggerFactory.getLogger(DiskBlockCache.class);

  private final Path directory;
  private final DirectoryLock directoryLock;
  private final Space space;
  private final Counters counters = new Counters();
  private final Checksums checksums = new Checksums();
  private final BlockMemory memory;
  private final StoreBlocks.Shared shared;
  private final StoreBlocks root;

  /** Those of other buckets. */
  private final Set<StoreBlocks> others = ConcurrentHashMap.newKeySet();

  private volatile long othersAheadBytes;
  private final CompletableFuture<Long> scanned = new CompletableFuture<>();

  private DiskBlockCache(
      Path directory,
      String bucket,
      ObjectStore store,
      CacheLimits limits,
      BlockMemory memory,
      DirectoryLock directoryLock) {
    this.directory = directory;
    this.directoryLock = directoryLock;
    this.memory = memory;
    this.space =
        new Space(
            limits,
            memory.versions(),
            this::usableBytes,
            name -> VersionFiles.delete(directory, name));
    this.shared = new StoreBlocks.Shared(directory, space, counters, checksums);
    this.root = new StoreBlocks(shared, bucket, store, memory, limits.readAheadBytes(), end -> {});
    this.othersAheadBytes = limits.readAheadBytes() / BlockMemory.OTHERS_SHARE;
  }

  /**
   * Begins to use a directory, with what an earlier process left in it. It is read in the
   * background; until that has ended, what is fetched does not go to the disk.
   *
   * @param bucket tells objects of the same name in different buckets apart
   * @throws IOException the directory cannot be used, or another process uses it
   */
  public static DiskBlockCache start(
      Path directory, String bucket, ObjectStore store, CacheLimits limits, BlockMemory memory)
      throws IOException {
    return start(directory, bucket, store, limits, memory, () -> false);
  }

  /**
   * The same, unless what is there is not wanted: then none of it is used, and it is deleted in the
   * background.
   *
   * @param isUnwanted is asked once, when no other process uses the directory any more
   */
  public static DiskBlockCache start(
      Path directory,
      String bucket,
      ObjectStore store,
      CacheLimits limits,
      BlockMemory memory,
      BooleanSupplier isUnwanted)
      throws IOException {
    Files.createDirectories(directory);
    DiskBlockCache cache =
        new DiskBlockCache(
            directory, bucket, store, limits, memory, DirectoryLock.acquire(directory));
    boolean isEmptied = isUnwanted.getAsBoolean();
    if (isEmptied) {
      cache.space.beginEmpty();
    }
    Thread.ofVirtual().name("cache-scan").start(() -> cache.scan(isEmptied));
    return cache;
  }

  /** The same with {@link BlockMemory#USUAL}. */
  public static DiskBlockCache start(
      Path directory, String bucket, ObjectStore store, CacheLimits limits) throws IOException {
    return start(directory, bucket, store, limits, BlockMemory.USUAL);
  }

  /**
   * The blocks of another bucket, within the same limits on disk. It has a part of what is bounded
   * in memory for itself: a store that does not answer does not hold up the others. To be closed
   * before this.
   *
   * @param bucket tells its objects from those of other buckets
   */
  public BlockCache ofBucket(String bucket, ObjectStore store) {
    StoreBlocks blocks =
        new StoreBlocks(shared, bucket, store, memory.forOther(), othersAheadBytes, others::remove);
    others.add(blocks);
    return blocks;
  }

  /** Whether the next process waits for the directory. */
  public boolean isAwaited() {
    return directoryLock.isAwaited();
  }

  /** Other limits from now on. */
  public void limits(CacheLimits limits) {
    space.limits(limits);
    root.ahead().limit(limits.readAheadBytes());
    othersAheadBytes = limits.readAheadBytes() / BlockMemory.OTHERS_SHARE;
    others.forEach(blocks -> blocks.ahead().limit(othersAheadBytes));
  }

  @Override
  public CachedObject open(ObjectVersion version) {
    return root.open(version);
  }

  @Override
  public void adopt(ObjectVersion version, Path file) {
    root.adopt(version, file);
  }

  @Override
  public void drop(ObjectVersion version) {
    root.drop(version);
  }

  /** Empties it, and tells what was in it. For one thread at a time. */
  public Emptying emptying() {
    return new Emptying(space, () -> all().map(StoreBlocks::versions).toList(), scanned);
  }

  @Override
  public boolean isHereOrInUse(ObjectVersion version) {
    return root.isHereOrInUse(version);
  }

  @Override
  public long cachedBytes(ObjectVersion version) {
    return root.cachedBytes(version);
  }

  @Override
  public AheadBudget ahead() {
    return root.ahead();
  }

  @Override
  public CacheUsage usage() {
    return root.usage();
  }

  /** What it does, for who watches it: all buckets together. Never waits. */
  public CacheActivity activity() {
    return new CacheActivity(
        counters.answered().sum(),
        counters.waited().sum(),
        counters.readAhead().sum(),
        space.evictedVersions(),
        space.evictedBytes(),
        counters.damaged().sum(),
        Math.toIntExact(all().mapToLong(StoreBlocks::fetches).sum()),
        all().mapToLong(blocks -> blocks.ahead().takenBytes()).sum(),
        Math.toIntExact(all().mapToLong(StoreBlocks::inMemory).sum()));
  }

  private Stream<StoreBlocks> all() {
    return Stream.concat(Stream.of(root), others.stream());
  }

  @Override
  public void close() {
    checksums.close();
    all().toList().forEach(StoreBlocks::close);
    try {
      directoryLock.close();
    } catch (IOException e) {
      log.warn("cannot give the cache directory back", e);
    }
  }

  /** Whether what is fetched goes to the disk: the directory has been read. */
  boolean isReady() {
    return space.isScanned();
  }

  /** Whether something goes on that nobody has open. */
  boolean isFetching() {
    return all().anyMatch(StoreBlocks::isBusy);
  }

  private void scan(boolean isEmptied) {
    Scan scan = new Scan(directory, space);
    try {
      long deleted = 0;
      if (isEmptied) {
        deleted = scan.deleteAll();
      } else {
        scan.run();
      }
      scanned.complete(deleted);
    } catch (IOException | RuntimeException e) {
      log.error("the cache directory cannot be read; nothing is cached", e);
      scanned.completeExceptionally(e);
    }
  }

  private long usableBytes() {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      log.warn("cannot tell how much room {} has", directory, e);
      return 0;
    }
  }
}
