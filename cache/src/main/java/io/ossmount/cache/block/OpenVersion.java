package io.ossmount.cache.block;

import io.ossmount.cache.block.MemoryBlocks.Arrived;
import io.ossmount.cache.block.Space.Pinned;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A version in use: reads it, and fetches what is not here. One object for all who use the version
 * at a time; {@link VersionBlocks} has what they share. Thread-safe.
 */
final class OpenVersion {
  private static final Logger log = LoggerFactory.getLogger(OpenVersion.class);

  /** A read tries again when a fetch was given up or a block turned out to be damaged. */
  private static final int ATTEMPTS = 8;

  /** Bytes that came wrong are fetched again so often. */
  private static final int CORRUPTED_ATTEMPTS = 3;

  private final Surroundings around;
  private final ObjectVersion version;
  private final Blocks blocks;
  private final VersionBlocks content;

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
    this.blocks = new Blocks(version.size());
    this.content = new VersionBlocks(this, around, name, pinned);
  }

  ObjectVersion version() {
    return version;
  }

  Uses uses() {
    return around.uses();
  }

  boolean isWanted() {
    return around.uses().isWanted(this);
  }

  /** Reads what is here; false when something would have to be fetched. */
  boolean readHere(long offset, MemorySegment into) {
    long end = offset + into.byteSize();
    for (long at = offset; at < end; at = Math.min(end, Blocks.start(Blocks.at(at) + 1))) {
      if (!content.isHere(Blocks.at(at))) {
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

  /** The data file, if all of it is there and right. */
  Optional<Path> whole() {
    return content.whole();
  }

  /** Fetches what is not here; stops where the disk has no room. */
  void fetchAll() {
    int count = blocks.count();
    for (int block = 0; block < count; block++) {
      if (!content.isHere(block) && !fetchToDisk(block, count)) {
        return;
      }
    }
  }

  private boolean fetchToDisk(int block, int count) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Fetch fetch = content.landing(block);
      if (fetch == null) {
        int end = Math.min(count, block + ReadAhead.MOST_RUN);
        fetch = content.fetchToDisk(block, end);
        if (fetch != null) {
          around.fetching().run(this, fetch);
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new StoreException.Interrupted("fetching " + version.key());
        }
      }
      if (fetch == null || fetch.isInMemory()) {
        return content.isHere(block);
      }
      if (hasCome(fetch, blocks.end(block), attempt)) {
        return true;
      }
      content.forget(fetch);
    }
    return false;
  }

  /**
   * Starts to fetch what of the window is not here, as far as the bounds let it.
   *
   * @param started told of each fetch
   * @return block after the last that is here or on its way
   */
  int fetchAhead(ReadAhead.Window window, Consumer<Fetch> started) {
    int to = Math.min(window.to(), blocks.count());
    int block = window.from();
    while (block < to) {
      if (!content.isMissing(block)) {
        block++;
        continue;
      }
      int end = block + 1;
      while (end < to && end - block < window.run() && content.isMissing(end)) {
        end++;
      }
      boolean windowMayGrow = end == to && to < blocks.count();
      if ((end - block < window.run() && windowMayGrow) || !startAhead(block, end, started)) {
        return block;
      }
      block = end;
    }
    return block;
  }

  /** The fetch does nothing more. */
  void ended(Fetch fetch, Optional<Long> crc64) {
    if (!fetch.isInMemory()) {
      content.forget(fetch);
      VersionFiles there = content.files();
      // What came by one GET was compared as it came.
      if (crc64.isPresent()
          && !fetch.isWholeObject()
          && fetch.isComplete()
          && there != null
          && there.map().isComplete()) {
        content.compareLater(there, crc64.get());
      }
    } else if (fetch.isComplete()) {
      around.memory().arrived(new Arrived(this, fetch, () -> content.forget(fetch)));
    } else {
      content.forget(fetch);
      around.memory().release();
    }
    around.uses().release(this);
  }

  /** Takes over a file with all the bytes, for which room was reserved. */
  void adopt(Path file, long reservedBytes) throws IOException {
    content.adopt(file, reservedBytes);
  }

  /** The last use has ended: closes the files, and deletes them if they are not to stay. */
  void end(boolean dropped) {
    content.end(dropped);
  }

  /** Bytes that it takes on disk now. */
  long bytesOnDisk() {
    return content.bytesOnDisk();
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
        content.forget(fetch);
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
    VersionFiles there = content.files();
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
    Fetch fetch = content.landing(block);
    return fetch != null
        && fetch.isInMemory()
        && fetch.hasLanded(at + piece.remaining())
        && readFrom(fetch, at, piece);
  }

  /** The fetch that brings the block, started if need be; null when the block is here by now. */
  private @Nullable Fetch demand(int block, int last) {
    Fetch there = content.landing(block);
    if (there != null && !there.hasFailed()) {
      return there;
    }
    if (there != null) {
      content.forget(there);
    }
    int end = Math.min(last + 1, block + ReadAhead.MOST_RUN);
    Fetch wanted = content.fetchToDisk(block, end);
    if (wanted == null && content.isMissing(block)) {
      around.memory().acquire();
      wanted = content.fetchToMemory(block);
    }
    if (wanted == null) {
      return content.landing(block);
    }
    around.fetching().start(this, wanted, false);
    return wanted;
  }

  private boolean startAhead(int block, int end, Consumer<Fetch> started) {
    int count = end - block;
    if (!around.fetching().tryAhead(count)) {
      return false;
    }
    Fetch wanted = content.fetchToDisk(block, end);
    if (wanted == null && content.isMissing(block) && around.memory().tryAcquire()) {
      wanted = content.fetchToMemory(block);
    }
    int used = wanted == null ? 0 : wanted.count();
    around.fetching().notAhead(count - used);
    if (wanted != null) {
      started.accept(wanted);
      around.fetching().start(this, wanted, true);
    }
    // What is in memory comes block by block: the rest of the run has its turn with the next read.
    return wanted != null && (!wanted.isInMemory() || count == 1);
  }

  private static ByteBuffer piece(MemorySegment into, long offset, long at) {
    long end = Math.min(offset + into.byteSize(), Blocks.start(Blocks.at(at) + 1));
    return into.asSlice(at - offset, end - at).asByteBuffer();
  }
}
