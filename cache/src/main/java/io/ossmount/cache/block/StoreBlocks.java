package io.ossmount.cache.block;

import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of one bucket in a {@link DiskBlockCache}, whose space they share with those of other
 * buckets. What waits for the store is bounded for each bucket by itself, so that one that does not
 * answer takes nothing from the others. Thread-safe.
 */
final class StoreBlocks implements BlockCache {
  private static final Logger log = LoggerFactory.getLogger(StoreBlocks.class);
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private final Space space;
  private final Counters counters;
  private final AheadBudget ahead;
  private final OpenVersions versions;
  private final OpenVersion.Surroundings around;
  private final Consumer<StoreBlocks> onClose;
  private volatile boolean closed;

  /**
   * What the blocks of all buckets share.
   *
   * @param directory of the files
   */
  record Shared(Path directory, Space space, Counters counters, Checksums checksums) {}

  /**
   * The blocks of a bucket.
   *
   * @param bucket tells objects of the same name in different buckets apart
   * @param memory bounds of this bucket; its versions are not looked at
   * @param aheadBytes most that are fetched ahead of readers at a time
   * @param onClose told when it is over
   */
  StoreBlocks(
      Shared shared,
      String bucket,
      ObjectStore store,
      BlockMemory memory,
      long aheadBytes,
      Consumer<StoreBlocks> onClose) {
    this.space = shared.space;
    this.counters = shared.counters;
    this.ahead = new AheadBudget(aheadBytes);
    this.versions = new OpenVersions(bucket);
    this.onClose = onClose;
    this.around =
        new OpenVersion.Surroundings(
            shared.directory,
            space,
            new Fetching(store, space, counters, ahead, memory.gets()),
            new MemoryBlocks(memory.blocks()),
            counters,
            versions,
            shared.checksums);
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

  /** Waits a moment for what goes on, and ends all of its versions. Idempotent. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      versions.end(END_PATIENCE.toNanos());
      onClose.accept(this);
    }
  }

  /** Its versions in use. */
  OpenVersions versions() {
    return versions;
  }

  /** GETs under way. */
  int fetches() {
    return around.fetching().underWay();
  }

  /** Blocks that are in memory. */
  int inMemory() {
    return around.memory().count();
  }

  /** Whether something goes on that nobody has open. */
  boolean isBusy() {
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
