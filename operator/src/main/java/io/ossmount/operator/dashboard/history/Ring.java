package io.ossmount.operator.dashboard.history;

import java.util.Arrays;

/**
 * The last hour in slots of {@link #SLOT_MILLIS}: a slot holds what was counted in its time. What
 * was counted between two answers is spread evenly over the time between them, so that polls of
 * unsteady intervals make no waves. Not thread-safe.
 */
final class Ring {
  static final long SLOT_MILLIS = 10_000;

  /** An hour, and the slot that is being filled. */
  static final int SLOTS = 361;

  // Floats: 36 KB a mount; a share of a rate needs no more digits.
  private final float[][] slots = new float[SLOTS][Figures.COUNT];
  private long newest = Long.MIN_VALUE;

  static long slot(long millis) {
    return Math.floorDiv(millis, SLOT_MILLIS);
  }

  /** Adds what was counted from one time to another, in milliseconds of the epoch. */
  void add(long from, long to, double[] counted) {
    advance(slot(to));
    if (to <= from) {
      add(slot(to), 1, counted);
      return;
    }
    for (long slot = Math.max(slot(from), newest - SLOTS + 1); slot <= slot(to); slot++) {
      long start = Math.max(from, slot * SLOT_MILLIS);
      long end = Math.min(to, (slot + 1) * SLOT_MILLIS);
      add(slot, (double) (end - start) / (to - from), counted);
    }
  }

  /** The sum of {@code count} slots from {@code first} on; 0 where nothing is known. */
  double[] sum(long first, int count) {
    var sum = new double[Figures.COUNT];
    for (long slot = first; slot < first + count; slot++) {
      if (slot <= newest && slot > newest - SLOTS) {
        var there = slots[index(slot)];
        for (int i = 0; i < Figures.COUNT; i++) {
          sum[i] += there[i];
        }
      }
    }
    return sum;
  }

  private void add(long slot, double share, double[] counted) {
    if (slot <= newest - SLOTS) {
      return;
    }
    var there = slots[index(slot)];
    for (int i = 0; i < Figures.COUNT; i++) {
      there[i] += (float) (counted[i] * share);
    }
  }

  private void advance(long slot) {
    if (newest == Long.MIN_VALUE || slot - newest >= SLOTS) {
      Arrays.stream(slots).forEach(each -> Arrays.fill(each, 0));
      newest = Math.max(newest, slot);
    }
    while (newest < slot) {
      newest++;
      Arrays.fill(slots[index(newest)], 0);
    }
  }

  private static int index(long slot) {
    return Math.floorMod(slot, SLOTS);
  }
}
