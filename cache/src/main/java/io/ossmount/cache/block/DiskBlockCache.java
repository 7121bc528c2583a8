package io.ossmount.cache.block;

import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private final Path directory;
  private final DirectoryLock directoryLock;
  private final Counters counters = new Counters();
  private final Space space;
  private final AheadBudget ahead;
  private final OpenVersions versions;
  private final Checksums checksums;
  private final OpenVersion.Surroundings around;
  private volatile boolean closed;

  private DiskBlockCache(
      Path directory,
      String bucket,
      ObjectStore store,
      CacheLimits limits,
      BlockMemory memory,
      DirectoryLock directoryLock) {
    this.directory = directory;
    this.directoryLock = directoryLock;
    this.space =
        new Space(
            limits,
            memory.versions(),
            this::usableBytes,
            name -> VersionFiles.delete(directory, name));
    this.ahead = new AheadBudget(limits.readAheadBytes());
    this.versions = new OpenVersions(bucket);
    this.checksums = new Checksums(versions);
    this.around =
        new OpenVersion.Surroundings(
            directory,
            space,
            new Fetching(store, space, counters, ahead, memory.gets()),
            new MemoryBlocks(memory.blocks()),
            counters,
            versions,
            checksums);
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
    Files.createDirectories(directory);
    DiskBlockCache cache =
        new DiskBlockCache(
            directory, bucket, store, limits, memory, DirectoryLock.acquire(directory));
    Thread.ofVirtual().name("cache-scan").start(cache::scan);
    return cache;
  }

  /** The same with {@link BlockMemory#USUAL}. */
  public static DiskBlockCache start(
      Path directory, String bucket, ObjectStore store, CacheLimits limits) throws IOException {
    return start(directory, bucket, store, limits, BlockMemory.USUAL);
  }

  /** Other limits from now on. */
  public void limits(CacheLimits limits) {
    space.limits(limits);
    ahead.limit(limits.readAheadBytes());
  }

  @Override
  public CachedObject open(ObjectVersion version) {
    return new Handle(versions.open(around, version));
  }

  @Override
  public void adopt(ObjectVersion version, Path file) {
    try {
      if (version.size() > 0 && Files.size(file) == version.size()) {
        tryAdopt(version, file);
      }
    } catch (IOException e) {
      log.warn("{} is not taken into the cache", version.key(), e);
    } finally {
      discard(file);
    }
  }

  @Override
  public void drop(ObjectVersion version) {
    versions.drop(space, version);
  }

  @Override
  public boolean isHereOrInUse(ObjectVersion version) {
    return versions.isHereOrInUse(space, version);
  }

  @Override
  public long cachedBytes(ObjectVersion version) {
    long bytes = versions.bytesOnDisk(space, version) - VersionFiles.overheadBytes(version);
    return Math.clamp(bytes, 0, version.size());
  }

  @Override
  public AheadBudget ahead() {
    return ahead;
  }

  @Override
  public CacheUsage usage() {
    return new CacheUsage(
        space.capacityBytes(),
        space.usedBytes(),
        counters.hits().sum(),
        counters.misses().sum(),
        counters.fetched().sum());
  }

  /** What it does, for who watches it. Never waits. */
  public CacheActivity activity() {
    return new CacheActivity(
        counters.answered().sum(),
        counters.waited().sum(),
        counters.readAhead().sum(),
        space.evictedVersions(),
        space.evictedBytes(),
        counters.damaged().sum(),
        around.fetching().underWay(),
        ahead.takenBytes(),
        around.memory().count());
  }

  @Override
  public void close() {
    closed = true;
    checksums.close();
    versions.end(END_PATIENCE.toNanos());
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
    return versions.isBusy();
  }

  private void tryAdopt(ObjectVersion version, Path file) throws IOException {
    long bytes = OpenVersion.bytesOf(version);
    if (!space.reserve(bytes)) {
      drop(version);
      return;
    }
    boolean isTaken = false;
    try {
      isTaken = versions.adopt(around, version, file, bytes);
    } finally {
      if (!isTaken) {
        space.release(bytes);
      }
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("cannot delete {}", file, e);
    }
  }

  private void scan() {
    try {
      new Scan(directory, space).run();
    } catch (IOException | UncheckedIOException e) {
      log.error("the cache directory cannot be read; nothing is cached", e);
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

  /** One use by a reader. */
  private final class Handle implements CachedObject {
    private final OpenVersion version;
    private final ReadAhead readAhead = new ReadAhead();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** What was fetched ahead for this reader and may still be under way. */
    private final Queue<Fetch> ahead = new ConcurrentLinkedQueue<>();

    Handle(OpenVersion version) {
      this.version = version;
    }

    @Override
    public ObjectVersion version() {
      return version.version();
    }

    @Override
    public int readCached(long offset, MemorySegment into) {
      int length = length(offset, into);
      if (length == 0) {
        return 0;
      }
      if (!version.readHere(offset, into.asSlice(0, length))) {
        return -1;
      }
      counters.answered().increment();
      fetchAhead(offset, length);
      return length;
    }

    @Override
    public int read(long offset, MemorySegment into) {
      int length = length(offset, into);
      if (length > 0) {
        counters.waited().increment();
        fetchAhead(offset, length);
        version.read(offset, into.asSlice(0, length));
      }
      return length;
    }

    @Override
    public Optional<Path> whole() {
      return version.whole();
    }

    @Override
    public void fetchAll() {
      version.fetchAll();
    }

    @Override
    public void close() {
      if (ended.compareAndSet(false, true)) {
        versions.close(version);
      }
    }

    private void fetchAhead(long offset, int length) {
      ReadAhead.Window window = readAhead.after(offset, length);
      if (window.isElsewhere()) {
        leaveAhead();
      } else if (window.from() < window.to()) {
        ahead.removeIf(Fetch::hasEnded);
        readAhead.reached(version.fetchAhead(window, ahead::add));
      }
    }

    private void leaveAhead() {
      for (Fetch fetch = ahead.poll(); fetch != null; fetch = ahead.poll()) {
        fetch.leave();
      }
    }

    private int length(long offset, MemorySegment into) {
      if (closed || ended.get()) {
        throw new IllegalStateException("closed");
      }
      return (int) Math.max(0, Math.min(into.byteSize(), version.version().size() - offset));
    }
  }
}
