package io.ossmount.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.block.OpenVersion.Surroundings;
import io.ossmount.cache.block.Space.Kept;
import io.ossmount.cache.block.Space.Pinned;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a version in use is on disk, in memory, or on its way. Thread-safe.
 *
 * <p>A block is fetched by one {@link Fetch} at a time, which is in {@link #landing} from before it
 * starts until the block is on disk; a block that landed in memory stays there until its place is
 * needed. The files are looked at when they are first needed.
 */
final class VersionBlocks {
  private static final Logger log = LoggerFactory.getLogger(VersionBlocks.class);

  private final OpenVersion owner;
  private final Surroundings around;
  private final ObjectVersion version;
  private final VersionName name;
  private final Blocks blocks;
  private final Pinned pinned;
  private final Map<Integer, Fetch> landing = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Bytes on disk that are accounted to this version. */
  @GuardedBy("lock")
  private long bytes;

  private volatile @Nullable VersionFiles files;
  private volatile boolean loaded;
  private final AtomicBoolean verifying = new AtomicBoolean();
  private final AtomicInteger comparing = new AtomicInteger();

  VersionBlocks(OpenVersion owner, Surroundings around, VersionName name, Pinned pinned) {
    this.owner = owner;
    this.around = around;
    this.version = owner.version();
    this.name = name;
    this.blocks = new Blocks(version.size());
    this.pinned = pinned;
    this.bytes = pinned.kept().map(Kept::bytes).orElse(0L);
    this.loaded = pinned.kept().isEmpty() && pinned.certain();
  }

  /** What is on disk; null: nothing. */
  @Nullable VersionFiles files() {
    return loaded ? files : load();
  }

  /** The fetch that brings the block, or has brought it into memory. */
  @Nullable Fetch landing(int block) {
    return landing.get(block);
  }

  /** Whether the block can be read without waiting for the network. */
  boolean isHere(int block) {
    VersionFiles there = files();
    if (there != null && there.map().isPresent(block)) {
      return true;
    }
    Fetch fetch = landing.get(block);
    return fetch != null && fetch.isInMemory() && fetch.isComplete();
  }

  /** Whether the block is neither here nor on its way. */
  boolean isMissing(int block) {
    VersionFiles there = files();
    return !landing.containsKey(block) && (there == null || !there.map().isPresent(block));
  }

  /**
   * The data file, if it has all bytes and each block was looked at since another process wrote it.
   * Has them looked at if need be.
   */
  Optional<Path> whole() {
    VersionFiles there = files();
    if (there == null || comparing.get() > 0) {
      return Optional.empty();
    }
    // In this order: a block that is found damaged is absent first and then not unverified any
    // more.
    boolean isVerified = there.map().isAllVerified();
    if (!there.map().isComplete()) {
      return Optional.empty();
    }
    if (isVerified) {
      return Optional.of(there.path());
    }
    if (verifying.compareAndSet(false, true)
        && !around.checksums().submit(owner, () -> verify(there))) {
      verifying.set(false);
    }
    return Optional.empty();
  }

  private void verify(VersionFiles there) {
    try {
      for (int block = 0; block < blocks.count() && owner.isWanted(); block++) {
        boolean _ = there.isReadable(block);
      }
    } finally {
      verifying.set(false);
    }
  }

  /** The fetch is over, one way or the other. */
  void forget(Fetch fetch) {
    for (int block = fetch.first(); block < fetch.first() + fetch.count(); block++) {
      landing.remove(block, fetch);
    }
  }

  /**
   * Prepares to fetch the blocks from the first to before the last that are missing, if the disk
   * has room. The caller runs it.
   */
  @Nullable Fetch fetchToDisk(int from, int to) {
    lock.lock();
    try {
      int end = from;
      while (end < to && isMissing(end)) {
        end++;
      }
      VersionFiles there = end == from ? null : allocate(from, end);
      return there == null ? null : prepare(from, end - from, new Landing.OnDisk(there));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Prepares to fetch a block into a place in memory that the caller has taken. The caller runs it.
   *
   * @return null: the block is here or on its way, and the place is given back
   */
  @Nullable Fetch fetchToMemory(int block) {
    lock.lock();
    try {
      if (!isMissing(block)) {
        around.memory().release();
        return null;
      }
      ByteBuffer room = ByteBuffer.allocate(blocks.length(block));
      return prepare(block, 1, new Landing.InMemory(room, Blocks.start(block)));
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Fetch prepare(int first, int count, Landing where) {
    Fetch fetch = new Fetch(version, first, count, where);
    for (int block = first; block < first + count; block++) {
      landing.put(block, fetch);
    }
    around.uses().retain(owner);
    return fetch;
  }

  /** Room on disk for the blocks; null when there is none, or the disk fails. */
  @GuardedBy("lock")
  private @Nullable VersionFiles allocate(int from, int end) {
    VersionFiles there = files();
    long needed = there == null ? VersionFiles.overheadBytes(version) : 0;
    for (int block = from; block < end; block++) {
      if (there == null || !there.map().isAllocated(block)) {
        needed += VersionFiles.bytesOf(blocks, block);
      }
    }
    if (!around.space().reserve(needed)) {
      return null;
    }
    bytes += needed;
    boolean whole = there == null && from == 0 && end == blocks.count();
    try {
      if (there == null) {
        there = VersionFiles.create(place(), version, whole);
        files = there;
      }
      there.allocate(from, end - from, whole);
      return there;
    } catch (IOException e) {
      log.warn("no room on disk for {}; going on without for a while", version.key(), e);
      around.space().suspend();
      if (there == null) {
        bytes -= needed;
        VersionFiles.delete(around.directory(), name);
        around.space().release(needed);
      }
      return null;
    }
  }

  /** Bytes on disk, as far as they are accounted. */
  long bytesOnDisk() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Takes over a file with all the bytes, for which room was reserved. */
  void adopt(Path file, long reservedBytes) throws IOException {
    lock.lock();
    try {
      VersionFiles adopted = VersionFiles.adopt(place(), version, file);
      files = adopted;
      bytes = reservedBytes;
      boolean _ = around.checksums().submit(owner, () -> checksum(adopted));
    } catch (IOException e) {
      VersionFiles.delete(around.directory(), name);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** The last use has ended: closes the files, and deletes them if they are not to stay. */
  void end(boolean dropped) {
    around.memory().dropAll(owner);
    lock.lock();
    try {
      VersionFiles there = pinned.certain() ? files : files();
      boolean empty = there == null ? loaded : there.map().isEmpty();
      Optional<Kept> kept = Optional.empty();
      if (!dropped && !empty) {
        kept =
            Optional.of(
                there == null
                    ? pinned.kept().orElseThrow()
                    : new Kept(bytes, there.map().isAllVerified()));
      }
      if (there != null) {
        there.close();
      }
      if (kept.isEmpty() && bytes > 0) {
        VersionFiles.delete(around.directory(), name);
      }
      around.space().unpin(name, bytes, kept);
    } finally {
      lock.unlock();
    }
  }

  /** Looks, later, whether the object that has landed as a whole is the one that OSS has. */
  void compareLater(VersionFiles there, long crc64) {
    comparing.incrementAndGet();
    boolean isTaken =
        around
            .checksums()
            .submit(
                owner,
                () -> {
                  try {
                    compare(there, crc64);
                  } finally {
                    comparing.decrementAndGet();
                  }
                });
    if (!isTaken) {
      comparing.decrementAndGet();
    }
  }

  private void compare(VersionFiles there, long crc64) throws IOException {
    // Of two fetches that ended together, the second finds what the first has left.
    if (there.map().isComplete() && there.crc64() != crc64) {
      log.error("{} does not have the CRC64 that OSS has: fetched again", version.key());
      for (int block = 0; block < blocks.count(); block++) {
        there.damaged(block, "the CRC64 of the object is wrong");
      }
    }
  }

  private void checksum(VersionFiles adopted) throws IOException {
    for (int block = 0; block < blocks.count(); block++) {
      adopted.present(block, BlockSums.of(adopted.checksum(block)));
    }
  }

  private VersionFiles.Place place() {
    return new VersionFiles.Place(around.directory(), name, around.counters().damaged());
  }

  private @Nullable VersionFiles load() {
    lock.lock();
    try {
      if (loaded) {
        return files;
      }
      VersionFiles found = VersionFiles.load(place(), version).orElse(null);
      long actual = found == null ? 0 : found.bytes();
      if (found != null && pinned.kept().map(Kept::verified).orElse(false)) {
        found.map().allVerified();
      }
      around.space().pinMore(actual - bytes);
      bytes = actual;
      files = found;
      loaded = true;
      return found;
    } finally {
      lock.unlock();
    }
  }
}
