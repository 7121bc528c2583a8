package io.ossmount.cache.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which blocks of a version are on disk, and their checksums. Thread-safe; a thread that sees a
 * block present also sees its bytes in the file, and its checksums.
 */
final class BlockMap {
  private static final VarHandle STATES = MethodHandles.arrayElementVarHandle(byte[].class);

  private static final byte ABSENT = 0;

  /** Takes room on disk, but its bytes are not (all) right. */
  private static final byte ALLOCATED = 1;

  /** Was written by an earlier process, and not looked at since. */
  private static final byte UNVERIFIED = 2;

  private static final byte PRESENT = 3;

  private final byte[] states;
  private final int[] checksums;

  /** Of blocks that this process has fetched; else 0, which is also that of one in 2^64 blocks. */
  private final long[] crc64s;

  private final AtomicInteger absent;
  private final AtomicInteger unverified = new AtomicInteger();

  BlockMap(int count) {
    this.states = new byte[count];
    this.checksums = new int[count];
    this.crc64s = new long[count];
    this.absent = new AtomicInteger(count);
  }

  int count() {
    return states.length;
  }

  /** Whether its bytes can be had from disk, after {@link #isVerified} or a look at them. */
  boolean isPresent(int block) {
    return state(block) >= UNVERIFIED;
  }

  boolean isVerified(int block) {
    return state(block) == PRESENT;
  }

  boolean isAllocated(int block) {
    return state(block) != ABSENT;
  }

  boolean isComplete() {
    return absent.get() == 0;
  }

  boolean isEmpty() {
    return absent.get() == states.length;
  }

  /** CRC32C of a block that is present. */
  int checksum(int block) {
    return checksums[block];
  }

  /** CRC64 of a block that is present; 0: to be computed. */
  long crc64(int block) {
    return crc64s[block];
  }

  /** Its bytes are about to be written. */
  void allocate(int block) {
    change(block, ALLOCATED);
  }

  /** Its bytes are in the file. */
  void present(int block, BlockSums sums) {
    checksums[block] = sums.crc32c();
    crc64s[block] = sums.crc64();
    change(block, PRESENT);
  }

  /** Its bytes were in the file when an earlier process ended. */
  void remembered(int block, int checksum) {
    checksums[block] = checksum;
    crc64s[block] = 0;
    change(block, UNVERIFIED);
  }

  /** Its bytes were looked at and are right. */
  void verified(int block) {
    if (STATES.compareAndSet(states, block, UNVERIFIED, PRESENT)) {
      unverified.decrementAndGet();
    }
  }

  /** All that is present was looked at before. */
  void allVerified() {
    for (int block = 0; block < states.length; block++) {
      verified(block);
    }
  }

  boolean isAllVerified() {
    return unverified.get() == 0;
  }

  private byte state(int block) {
    return (byte) STATES.getAcquire(states, block);
  }

  private void change(int block, byte state) {
    byte before = (byte) STATES.getAndSet(states, block, state);
    int change = (before >= UNVERIFIED ? 1 : 0) - (state >= UNVERIFIED ? 1 : 0);
    if (change != 0) {
      absent.addAndGet(change);
    }
    int unlooked = (state == UNVERIFIED ? 1 : 0) - (before == UNVERIFIED ? 1 : 0);
    if (unlooked != 0) {
      unverified.addAndGet(unlooked);
    }
  }
}
