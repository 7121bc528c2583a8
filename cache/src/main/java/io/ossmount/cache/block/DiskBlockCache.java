package io.ossmount.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The block cache on a directory of a disk: two files for each object version, see {@link
 * VersionFiles}.
 *
 * <p>{@link OpenVersion} reads and fetches, {@link Space} accounts and evicts, {@link Scan} finds
 * at start what was there. Order of locks: a version's, then this class's, then that of {@link
 * Space}; where a version's is taken second, nobody else can know the version.
 */
public final class DiskBlockCache implements BlockCache {
  private static final Logger log = LoggerFactory.getLogger(DiskBlockCache.class);
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private final Path directory;
  private final String bucket;
  private final FileChannel lockFile;
  private final Counters counters = new Counters();
  private final Space space;
  private final Checksums checksums;
  private final OpenVersion.Surroundings around;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<ObjectVersion, Use> open = new HashMap<>();

  private volatile boolean closed;

  /** Who uses a version. */
  private static final class Use {
    final OpenVersion version;
    int references;
    int handles;
    boolean dropped;

    Use(OpenVersion version) {
      this.version = version;
    }
  }

  private DiskBlockCache(
      Path directory, String bucket, ObjectStore store, CacheLimits limits, FileChannel lockFile) {
    this.directory = directory;
    this.bucket = bucket;
    this.lockFile = lockFile;
    this.space = new Space(limits, this::usableBytes, name -> VersionFiles.delete(directory, name));
    Uses uses = new Uses();
    this.checksums = new Checksums(uses);
    this.around =
        new OpenVersion.Surroundings(
            directory,
            space,
            new Fetching(store, space, counters),
            new MemoryBlocks(),
            counters,
            uses,
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
      Path directory, String bucket, ObjectStore store, CacheLimits limits) throws IOException {
    Files.createDirectories(directory);
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    acquire(lockFile, directory);
    DiskBlockCache cache = new DiskBlockCache(directory, bucket, store, limits, lockFile);
    Thread.ofVirtual().name("cache-scan").start(cache::scan);
    return cache;
  }

  /** Other limits from now on. */
  public void limits(CacheLimits limits) {
    space.limits(limits);
  }

  @Override
  public CachedObject open(ObjectVersion version) {
    Use use;
    lock.lock();
    try {
      use = open.computeIfAbsent(version, this::use);
      use.references++;
      use.handles++;
    } finally {
      lock.unlock();
    }
    return new Handle(use.version);
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
    lock.lock();
    try {
      Use use = open.get(version);
      if (use == null) {
        space.forget(VersionName.of(bucket, version));
      } else {
        use.dropped = true;
      }
    } finally {
      lock.unlock();
    }
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

  @Override
  public void close() {
    closed = true;
    checksums.close();
    long deadline = System.nanoTime() + END_PATIENCE.toNanos();
    while (isFetching() && System.nanoTime() - deadline < 0) {
      pause();
    }
    lock.lock();
    try {
      List<Use> rest = new ArrayList<>(open.values());
      open.clear();
      rest.forEach(use -> use.version.end(use.dropped));
      lockFile.close();
    } catch (IOException e) {
      log.warn("cannot give the cache directory back", e);
    } finally {
      lock.unlock();
    }
  }

  private void tryAdopt(ObjectVersion version, Path file) throws IOException {
    long bytes = OpenVersion.bytesOf(version);
    if (!space.reserve(bytes)) {
      drop(version);
      return;
    }
    lock.lock();
    try {
      if (open.containsKey(version)) {
        space.release(bytes);
        return;
      }
      space.forget(VersionName.of(bucket, version));
      Use use = use(version);
      open.put(version, use);
      use.references++;
      try {
        use.version.adopt(file, bytes);
      } catch (IOException e) {
        space.release(bytes);
        throw e;
      } finally {
        release(use);
      }
    } finally {
      lock.unlock();
    }
  }

  private void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("cannot delete {}", file, e);
    }
  }

  @GuardedBy("lock")
  private Use use(ObjectVersion version) {
    VersionName name = VersionName.of(bucket, version);
    return new Use(new OpenVersion(around, version, name, space.pin(name)));
  }

  @GuardedBy("lock")
  private void release(Use use) {
    use.references--;
    if (use.references == 0 && open.remove(use.version.version(), use)) {
      use.version.end(use.dropped);
    }
  }

  private void closeHandle(OpenVersion version) {
    lock.lock();
    try {
      Use use = open.get(version.version());
      if (use != null && use.version == version) {
        use.handles--;
        release(use);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether what is fetched goes to the disk: the directory has been read. */
  boolean isReady() {
    return space.isScanned();
  }

  /** Whether something goes on that nobody has open. */
  boolean isFetching() {
    lock.lock();
    try {
      return open.values().stream().anyMatch(use -> use.references > use.handles);
    } finally {
      lock.unlock();
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

  private static void acquire(FileChannel lockFile, Path directory) throws IOException {
    long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
    while (tryLock(lockFile) == null) {
      if (System.nanoTime() - deadline > 0) {
        lockFile.close();
        throw new IOException("another process uses " + directory);
      }
      pause();
    }
  }

  private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells {@link OpenVersion} who uses it. */
  private final class Uses implements OpenVersion.Uses {
    @Override
    public boolean isWanted(OpenVersion version) {
      lock.lock();
      try {
        Use use = open.get(version.version());
        return !closed && use != null && use.version == version && use.handles > 0;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void retain(OpenVersion version) {
      lock.lock();
      try {
        Use use = open.get(version.version());
        if (use != null && use.version == version) {
          use.references++;
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void release(OpenVersion version) {
      lock.lock();
      try {
        Use use = open.get(version.version());
        if (use != null && use.version == version) {
          DiskBlockCache.this.release(use);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** One use by a reader. */
  private final class Handle implements CachedObject {
    private final OpenVersion version;
    private final ReadAhead readAhead = new ReadAhead();
    private final AtomicBoolean ended = new AtomicBoolean();

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
      fetchAhead(offset, length);
      return length;
    }

    @Override
    public int read(long offset, MemorySegment into) {
      int length = length(offset, into);
      if (length > 0) {
        fetchAhead(offset, length);
        version.read(offset, into.asSlice(0, length));
      }
      return length;
    }

    @Override
    public void close() {
      if (ended.compareAndSet(false, true)) {
        closeHandle(version);
      }
    }

    private void fetchAhead(long offset, int length) {
      ReadAhead.Window window = readAhead.after(offset, length);
      if (window.from() < window.to()) {
        readAhead.reached(version.fetchAhead(window));
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
