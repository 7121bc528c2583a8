package io.ossmount.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.block.MemoryBlocks.Arrived;
import io.ossmount.cache.block.Space.Kept;
import io.ossmount.cache.block.Space.Pinned;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version in use: what of it is on disk, in memory, or on its way. One object for all who use the
 * version at a time. Thread-safe.
 *
 * <p>A block is fetched by one {@link Fetch} at a time, which is in {@link #landing} from before it
 * starts until the block is on disk; a block that landed in memory stays there until its place is
 * needed.
 */
final class OpenVersion {
  private static final Logger log = LoggerFactory.getLogger(OpenVersion.class);

  /** A read tries again when a fetch was given up or a block turned out to be damaged. */
  private static final int ATTEMPTS = 8;

  /** Bytes that came wrong are fetched again so often. */
  private static final int CORRUPTED_ATTEMPTS = 3;

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

  /** What all versions of a cache share. */
  record Surroundings(
      Path directory,
      Space space,
      Fetching fetching,
      MemoryBlocks memory,
      Counters counters,
      Uses uses,
      Checksums checksums) {}

  /** Who uses a version; nothing of it goes away before the last use has ended. */
  interface Uses {
    /** Whether somebody has it open. */
    boolean isWanted(OpenVersion version);

    /** One more use, by somebody who has one already. */
    void retain(OpenVersion version);

    /** One use less. */
    void release(OpenVersion version);
  }

  OpenVersion(Surroundings around, ObjectVersion version, VersionName name, Pinned pinned) {
    this.around = around;
    this.version = version;
    this.name = name;
    this.blocks = new Blocks(version.size());
    this.pinned = pinned;
    this.bytes = pinned.kept().map(Kept::bytes).orElse(0L);
    this.loaded = pinned.kept().isEmpty() && pinned.certain();
  }

  ObjectVersion version() {
    return version;
  }

  VersionName name() {
    return name;
  }

  boolean isWanted() {
    return around.uses().isWanted(this);
  }

  /** Reads what is here; false when something would have to be fetched. */
  boolean readHere(long offset, MemorySegment into) {
    long end = offset + into.byteSize();
    for (long at = offset; at < end; at = Math.min(end, Blocks.start(Blocks.at(at) + 1))) {
      if (!isHere(Blocks.at(at))) {
        return false;
      }
    }
    for (long at = offset; at < end; ) {
      ByteBuffer piece = piece(into, offset, at);
      int length = piece.remaining();
      if (!readPiece(Blocks.at(at), at, piece)) {
        return false;
      }
      at += length;
    }
    around.counters().hits().add(into.byteSize());
    return true;
  }

  /** Reads, and fetches what is not here. */
  void read(long offset, MemorySegment into) {
    long end = offset + into.byteSize();
    int last = Blocks.at(end - 1);
    for (long at = offset; at < end; ) {
      ByteBuffer piece = piece(into, offset, at);
      int length = piece.remaining();
      readOrFetch(at, last, piece);
      at += length;
    }
  }

  /** Starts to fetch what of the window is not here, as far as the bounds let it. */
  int fetchAhead(ReadAhead.Window window) {
    int to = Math.min(window.to(), blocks.count());
    int block = window.from();
    while (block < to) {
      if (!isMissing(block)) {
        block++;
        continue;
      }
      int end = block + 1;
      while (end < to && end - block < window.run() && isMissing(end)) {
        end++;
      }
      boolean windowMayGrow = end == to && to < blocks.count();
      if ((end - block < window.run() && windowMayGrow) || !startAhead(block, end)) {
        return block;
      }
      block = end;
    }
    return block;
  }

  /** The fetch does nothing more. */
  void ended(Fetch fetch, Optional<Long> crc64) {
    if (!fetch.isInMemory()) {
      forget(fetch);
      VersionFiles there = files;
      if (crc64.isPresent() && fetch.isComplete() && there != null && there.map().isComplete()) {
        around.checksums().submit(this, () -> compare(there, crc64.get()));
      }
    } else if (fetch.isComplete()) {
      around.memory().arrived(new Arrived(this, fetch, () -> forget(fetch)));
    } else {
      forget(fetch);
      around.memory().release();
    }
    around.uses().release(this);
  }

  /** Takes over a file with all the bytes, for which room was reserved. */
  void adopt(Path file, long reservedBytes) throws IOException {
    lock.lock();
    try {
      VersionFiles adopted = VersionFiles.adopt(around.directory(), name, version, file);
      files = adopted;
      bytes = reservedBytes;
      around.checksums().submit(this, () -> checksum(adopted));
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that a version takes when all of it is on disk. */
  static long bytesOf(ObjectVersion version) {
    Blocks blocks = new Blocks(version.size());
    long bytes = VersionFiles.overheadBytes(version);
    for (int block = 0; block < blocks.count(); block++) {
      bytes += VersionFiles.bytesOf(blocks, block);
    }
    return bytes;
  }

  /** The last use has ended: closes the files, and deletes them if they are not to stay. */
  void end(boolean dropped) {
    around.memory().dropAll(this);
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

  private void readOrFetch(long at, int last, ByteBuffer piece) {
    int block = Blocks.at(at);
    int length = piece.remaining();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (readPiece(block, at, piece)) {
        (attempt == 0 ? around.counters().hits() : around.counters().misses()).add(length);
        return;
      }
      Fetch fetch = demand(block, last);
      if (fetch == null) {
        continue;
      }
      if (!hasCome(fetch, at + length, attempt)) {
        forget(fetch);
        continue;
      }
      if (readFrom(fetch, at, piece)) {
        around.counters().misses().add(length);
        return;
      }
    }
    throw new StoreException.Unavailable(
        version.key() + ": the cache's disk loses what is written to it");
  }

  /** Waits for the bytes; false: try again. */
  private static boolean hasCome(Fetch fetch, long end, int attempt) {
    try {
      return fetch.await(end);
    } catch (StoreException.Corrupted e) {
      if (attempt >= CORRUPTED_ATTEMPTS) {
        throw e;
      }
      return false;
    }
  }

  private boolean readFrom(Fetch fetch, long at, ByteBuffer piece) {
    int start = piece.position();
    try {
      fetch.read(piece, at);
      return true;
    } catch (IOException e) {
      log.warn("what was fetched of {} cannot be read back", version.key(), e);
      piece.position(start);
      around.space().suspend();
      return false;
    }
  }

  /** Reads a piece of one block that is on disk or in memory. */
  private boolean readPiece(int block, long at, ByteBuffer piece) {
    VersionFiles there = files();
    if (there != null && there.isReadable(block)) {
      int start = piece.position();
      try {
        there.read(piece, at);
        return true;
      } catch (IOException e) {
        piece.position(start);
        there.damaged(block, e.toString());
        return false;
      }
    }
    Fetch fetch = landing.get(block);
    return fetch != null
        && fetch.isInMemory()
        && fetch.hasLanded(at + piece.remaining())
        && readFrom(fetch, at, piece);
  }

  private boolean isHere(int block) {
    VersionFiles there = files();
    if (there != null && there.map().isPresent(block)) {
      return true;
    }
    Fetch fetch = landing.get(block);
    return fetch != null && fetch.isInMemory() && fetch.isComplete();
  }

  private boolean isMissing(int block) {
    VersionFiles there = files();
    return !landing.containsKey(block) && (there == null || !there.map().isPresent(block));
  }

  /** The fetch that brings the block, started if need be; null when the block is here by now. */
  private @Nullable Fetch demand(int block, int last) {
    Fetch there = landing.get(block);
    if (there != null && !there.hasFailed()) {
      return there;
    }
    if (there != null) {
      forget(there);
    }
    int end = Math.min(last + 1, block + ReadAhead.MOST_RUN);
    Fetch started = startOnDisk(block, end, false);
    if (started != null || !isMissing(block)) {
      return started == null ? landing.get(block) : started;
    }
    around.memory().acquire();
    return startInMemory(block, false);
  }

  private boolean startAhead(int block, int end) {
    if (!around.fetching().tryAhead()) {
      return false;
    }
    if (startOnDisk(block, end, true) != null) {
      return true;
    }
    if (isMissing(block) && around.memory().tryAcquire() && startInMemory(block, true) != null) {
      // The rest of the run has its turn with the next read.
      return end == block + 1;
    }
    around.fetching().notAhead();
    return false;
  }

  private @Nullable Fetch startOnDisk(int from, int to, boolean isAhead) {
    lock.lock();
    try {
      int end = from;
      while (end < to && isMissing(end)) {
        end++;
      }
      VersionFiles there = end == from ? null : allocate(from, end);
      return there == null ? null : start(from, end - from, new Landing.OnDisk(there), isAhead);
    } finally {
      lock.unlock();
    }
  }

  /** The caller has taken a place in memory. */
  private @Nullable Fetch startInMemory(int block, boolean isAhead) {
    lock.lock();
    try {
      if (!isMissing(block)) {
        around.memory().release();
        return isAhead ? null : landing.get(block);
      }
      ByteBuffer room = ByteBuffer.allocate(blocks.length(block));
      return start(block, 1, new Landing.InMemory(room, Blocks.start(block)), isAhead);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Fetch start(int first, int count, Landing where, boolean isAhead) {
    Fetch fetch = new Fetch(version, first, count, where);
    for (int block = first; block < first + count; block++) {
      landing.put(block, fetch);
    }
    around.uses().retain(this);
    around.fetching().start(this, fetch, isAhead);
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
    try {
      if (there == null) {
        there = VersionFiles.create(around.directory(), name, version);
        files = there;
      }
      there.allocate(from, end - from);
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

  private @Nullable VersionFiles files() {
    return loaded ? files : load();
  }

  private @Nullable VersionFiles load() {
    lock.lock();
    try {
      if (loaded) {
        return files;
      }
      VersionFiles found = VersionFiles.load(around.directory(), name, version).orElse(null);
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

  private void forget(Fetch fetch) {
    for (int block = fetch.first(); block < fetch.first() + fetch.count(); block++) {
      landing.remove(block, fetch);
    }
  }

  private void checksum(VersionFiles adopted) throws IOException {
    for (int block = 0; block < blocks.count(); block++) {
      adopted.present(block, adopted.checksum(block));
    }
  }

  private void compare(VersionFiles there, long crc64) throws IOException {
    if (there.crc64() != crc64) {
      log.error("{} does not have the CRC64 that OSS has: fetched again", version.key());
      for (int block = 0; block < blocks.count(); block++) {
        there.damaged(block, "the CRC64 of the object is wrong");
      }
    }
  }

  private static ByteBuffer piece(MemorySegment into, long offset, long at) {
    long end = Math.min(offset + into.byteSize(), Blocks.start(Blocks.at(at) + 1));
    return into.asSlice(at - offset, end - at).asByteBuffer();
  }
}
