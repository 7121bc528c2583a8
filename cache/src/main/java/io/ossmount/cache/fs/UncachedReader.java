package io.ossmount.cache.fs;

import io.ossmount.cache.block.AheadBudget;
import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Reads of one descriptor whose bytes are not kept on the disk. Who reads in sequence has some
 * fetched ahead, in memory: pieces that grow to {@value #MOST_BYTES} bytes, the latest two of which
 * stay because the kernel sends its reads a little out of order. They count against the budget of
 * what is fetched ahead; without that each read is a request of its own. Thread-safe; waits for
 * OSS.
 */
final class UncachedReader implements AutoCloseable {
  static final int MOST_BYTES = 4 << 20;
  private static final int FIRST_BYTES = 256 << 10;
  private static final int KEPT = 2;
  private static final long SLACK_BYTES = 2L << 20;

  private final ObjectStore store;
  private final AheadBudget budget;
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private long expected;
  private int lastBytes = FIRST_BYTES / 2;
  private boolean isClosed;

  UncachedReader(ObjectStore store, AheadBudget budget) {
    this.store = store;
    this.budget = budget;
  }

  /** Bytes of a version from {@code start} on. */
  private static final class Piece {
    private final ObjectVersion version;
    private final long start;
    private final byte[] bytes;

    Piece(ObjectVersion version, long start, byte[] bytes) {
      this.version = version;
      this.start = start;
      this.bytes = bytes;
    }

    boolean has(ObjectVersion wanted, long at) {
      return version.equals(wanted) && at >= start && at < start + bytes.length;
    }
  }

  /**
   * Reads.
   *
   * @return bytes put into {@code into}: all that was asked for, up to the end of the version
   * @throws StoreException they cannot be had
   */
  synchronized int read(ObjectVersion version, long offset, MemorySegment into) {
    long end = Math.min(offset + into.byteSize(), version.size());
    long at = offset;
    while (at < end) {
      Piece piece = piece(version, at, (int) (end - at));
      int from = (int) (at - piece.start);
      int count = (int) Math.min(end - at, piece.bytes.length - from);
      MemorySegment.copy(piece.bytes, from, into, ValueLayout.JAVA_BYTE, at - offset, count);
      at += count;
    }
    expected = Math.max(end, offset);
    return (int) Math.max(0, end - offset);
  }

  private Piece piece(ObjectVersion version, long at, int wanted) {
    Optional<Piece> here = pieces.stream().filter(piece -> piece.has(version, at)).findFirst();
    if (here.isPresent()) {
      return here.get();
    }
    boolean isSequential = Math.abs(at - expected) <= SLACK_BYTES;
    int grown = isSequential ? Math.min(MOST_BYTES, 2 * lastBytes) : 0;
    int ahead = (int) Math.min(version.size() - at, Math.max(grown, wanted));
    if (ahead > wanted && !isClosed && budget.tryTake(ahead)) {
      return ahead(version, at, ahead);
    }
    lastBytes = FIRST_BYTES / 2;
    return new Piece(version, at, fetch(version, at, wanted));
  }

  private Piece ahead(ObjectVersion version, long at, int count) {
    try {
      Piece piece = new Piece(version, at, fetch(version, at, count));
      lastBytes = count;
      pieces.addFirst(piece);
      while (pieces.size() > KEPT) {
        budget.giveBack(pieces.removeLast().bytes.length);
      }
      return piece;
    } catch (RuntimeException e) {
      budget.giveBack(count);
      throw e;
    }
  }

  private byte[] fetch(ObjectVersion version, long at, int count) {
    byte[] bytes = new byte[count];
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try (ObjectBody body = store.get(version, at, count)) {
      while (rest.hasRemaining()) {
        if (body.read(rest) < 0) {
          throw new StoreException.Unavailable("GET " + version.key() + " ended too soon");
        }
      }
    }
    return bytes;
  }

  /** Gives up what was fetched ahead. */
  @Override
  public synchronized void close() {
    isClosed = true;
    pieces.forEach(piece -> budget.giveBack(piece.bytes.length));
    pieces.clear();
  }
}
