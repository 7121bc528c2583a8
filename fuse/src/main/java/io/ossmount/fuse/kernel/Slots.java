package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Slots of one size in a memory that is shared with later processes. The lowest free one is taken
 * first, and how many were ever taken is in the memory, so that nobody touches the others: a page
 * of a memfd comes to exist when it is read. Not thread-safe.
 */
final class Slots {
  private final MemorySegment memory;
  private final long atUsed;
  private final long start;
  private final int bytes;
  private final int count;
  private final BitSet taken = new BitSet();
  private int free;

  /**
   * So many slots.
   *
   * @param atUsed where it is noted how many were ever taken
   * @param start where the first one is
   */
  Slots(MemorySegment memory, long atUsed, long start, int bytes, int count) {
    this.memory = memory;
    this.atUsed = atUsed;
    this.start = start;
    this.bytes = bytes;
    this.count = count;
    this.free = count;
  }

  private int used() {
    return Math.clamp(memory.get(JAVA_INT, atUsed), 0, count);
  }

  private MemorySegment slot(int index) {
    return memory.asSlice(start + (long) bytes * index, bytes);
  }

  /** Shows those that were ever taken. */
  void forEachUsed(Consumer<MemorySegment> visitor) {
    for (int i = 0; i < used(); i++) {
      visitor.accept(slot(i));
    }
  }

  /** From now on those are taken that are not free. */
  void findFree(Predicate<MemorySegment> isFree) {
    for (int i = 0; i < used(); i++) {
      taken.set(i, !isFree.test(slot(i)));
    }
    free = count - taken.cardinality();
  }

  /**
   * A free slot.
   *
   * @param kept so many stay free
   * @return null: there are no more than those
   */
  @Nullable MemorySegment take(int kept) {
    if (free <= kept) {
      return null;
    }
    int index = taken.nextClearBit(0);
    taken.set(index);
    free--;
    if (index >= used()) {
      memory.set(JAVA_INT, atUsed, index + 1);
    }
    return slot(index);
  }

  /** A slot is free again. */
  void free(MemorySegment slot) {
    int index = (int) ((slot.address() - memory.address() - start) / bytes);
    if (taken.get(index)) {
      taken.clear(index);
      free++;
    }
  }
}
