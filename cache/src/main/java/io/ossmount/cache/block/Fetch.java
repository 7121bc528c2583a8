package io.ossmount.cache.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.store.Crc64;
import io.ossmount.cache.store.ObjectBody;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One GET of neighbouring blocks. Runs on one thread; any number of others wait for the bytes and
 * are woken as soon as those that they want have arrived.
 *
 * <p>When it is for the whole object, nobody sees a byte before the CRC64 that OSS told was found
 * right. A part of an object has no checksum at OSS.
 */
final class Fetch {
  /** What has come is given on from here on: the next byte may take long. */
  private static final int ENOUGH_BYTES = 32 << 10;

  private final ObjectVersion version;
  private final Blocks blocks;
  private final int first;
  private final int count;
  private final Landing landing;
  private final long start;
  private final long end;
  private final boolean whole;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();

  @GuardedBy("lock")
  private boolean ended;

  @GuardedBy("lock")
  private @Nullable RuntimeException failure;

  private volatile long landed;
  private volatile boolean consumed;
  private volatile boolean left;

  /** Least position that somebody waits for. */
  private volatile long wanted = Long.MAX_VALUE;

  Fetch(ObjectVersion version, int first, int count, Landing landing) {
    this.version = version;
    this.blocks = new Blocks(version.size());
    this.first = first;
    this.count = count;
    this.landing = landing;
    this.start = Blocks.start(first);
    this.end = blocks.end(first + count - 1);
    this.whole = start == 0 && end == version.size();
    this.landed = start;
  }

  int first() {
    return first;
  }

  int count() {
    return count;
  }

  boolean isInMemory() {
    return landing instanceof Landing.InMemory;
  }

  boolean isComplete() {
    return landed >= end;
  }

  boolean hasEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it ended before all of its bytes were there. */
  boolean hasFailed() {
    lock.lock();
    try {
      return ended && landed < end;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Who wanted it ahead does not any more: it ends with the block that comes, or does not begin,
   * unless somebody waits for it.
   */
  void leave() {
    left = true;
  }

  private boolean isLeft() {
    return left && wanted == Long.MAX_VALUE;
  }

  /** Whether its last byte was read: a sequential reader will not come back. */
  boolean isConsumed() {
    return consumed;
  }

  /** Whether all bytes before {@code position} are there. */
  boolean hasLanded(long position) {
    return landed >= position;
  }

  /**
   * Waits until all bytes before {@code position} are there.
   *
   * @return false: it was given up, for no fault of the store; try again
   * @throws StoreException it failed, or this thread was interrupted
   */
  boolean await(long position) {
    if (landed >= position) {
      return true;
    }
    lock.lock();
    try {
      while (landed < position && !ended) {
        wanted = Math.min(wanted, position);
        // Once more: what landed before that was wanted wakes nobody.
        if (landed < position) {
          progress.await();
        }
      }
      if (landed >= position) {
        return true;
      }
      if (failure != null) {
        throw failure;
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Interrupted("reading " + version.key());
    } finally {
      lock.unlock();
    }
  }

  /** Whether it brings all of the object. */
  boolean isWholeObject() {
    return whole;
  }

  /** Reads bytes that have landed. */
  void read(ByteBuffer into, long position) throws IOException {
    consumed |= position + into.remaining() == end;
    landing.read(into, position);
  }

  /**
   * Does it.
   *
   * @param chunk room for a part of the bytes at a time
   * @param isWanted whether to go on, asked before each block
   * @param arrived told how many bytes came
   * @return CRC64 of the whole object, if OSS told it
   * @throws IOException the disk failed; those who wait are told to try again
   */
  Optional<Long> run(
      ObjectStore store, ByteBuffer chunk, BooleanSupplier isWanted, LongConsumer arrived)
      throws IOException {
    if (isLeft()) {
      finish(null);
      return Optional.empty();
    }
    RuntimeException failed = null;
    try (ObjectBody body = store.get(version, start, end - start)) {
      if (body.length() != end - start) {
        throw new StoreException.Corrupted(
            "%s: OSS sends %d bytes, not %d".formatted(version.key(), body.length(), end - start));
      }
      transfer(body, chunk, isWanted, arrived);
      return body.objectCrc64();
    } catch (StoreException.Interrupted e) {
      // Who runs it does not want it any more; those who wait try again by themselves.
      return Optional.empty();
    } catch (RuntimeException e) {
      failed = e;
      return Optional.empty();
    } finally {
      finish(failed);
    }
  }

  /** Ends it before it has begun. */
  void finish(@Nullable RuntimeException failed) {
    lock.lock();
    try {
      ended = true;
      failure = failed;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void transfer(
      ObjectBody body, ByteBuffer chunk, BooleanSupplier isWanted, LongConsumer arrived)
      throws IOException {
    BlockSums[] sums = new BlockSums[count];
    for (int i = 0; i < count && isWanted.getAsBoolean() && !isLeft(); i++) {
      int block = first + i;
      sums[i] = transfer(body, chunk, block, arrived);
      if (!whole) {
        landing.landed(block, sums[i]);
        announce(blocks.end(block));
      }
    }
    if (whole && sums[count - 1] != null) {
      compare(body.objectCrc64(), sums);
      landing.landed(sums);
      announce(end);
    }
  }

  private BlockSums transfer(ObjectBody body, ByteBuffer chunk, int block, LongConsumer arrived)
      throws IOException {
    Crc64 crc64 = new Crc64();
    CRC32C crc32c = new CRC32C();
    long blockEnd = blocks.end(block);
    for (long at = Blocks.start(block); at < blockEnd; at += chunk.limit()) {
      fill(body, chunk.clear().limit((int) Math.min(chunk.capacity(), blockEnd - at)), at);
      chunk.flip();
      arrived.accept(chunk.remaining());
      landing.write(chunk, at);
      crc64.update(chunk.duplicate());
      crc32c.update(chunk);
      if (!whole && at + chunk.limit() < blockEnd) {
        announce(at + chunk.limit());
      }
    }
    return new BlockSums((int) crc32c.getValue(), crc64.value());
  }

  /**
   * Takes what comes until it is enough to be written, or somebody waits for what is in it. Nobody
   * is given a part of a whole object.
   */
  private void fill(ObjectBody body, ByteBuffer chunk, long at) {
    do {
      if (body.read(chunk) < 0) {
        throw new StoreException.Corrupted(
            "%s: the body ended at %d of %d"
                .formatted(version.key(), at + chunk.position() - start, end - start));
      }
    } while (chunk.hasRemaining()
        && (whole || (chunk.position() < ENOUGH_BYTES && at + chunk.position() < wanted)));
  }

  private void compare(Optional<Long> told, BlockSums[] sums) {
    long found = 0;
    for (int i = 0; i < count; i++) {
      found = Crc64.combine(found, sums[i].crc64(), blocks.length(first + i));
    }
    if (told.isPresent() && told.get() != found) {
      throw new StoreException.Corrupted(
          "%s: CRC64 of what arrived is %s, of what OSS has %s"
              .formatted(
                  version.key(), Long.toUnsignedString(found), Long.toUnsignedString(told.get())));
    }
  }

  private void announce(long at) {
    landed = at;
    if (at >= wanted) {
      lock.lock();
      try {
        wanted = Long.MAX_VALUE;
        progress.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
