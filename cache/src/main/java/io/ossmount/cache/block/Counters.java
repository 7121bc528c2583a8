package io.ossmount.cache.block;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the cache did since it was made.
 *
 * @param hits bytes that were here when they were read
 * @param misses bytes that readers waited for
 * @param fetched bytes that the store sent
 * @param readAhead of those, the ones that nobody had asked for yet
 * @param answered reads that were answered without waiting
 * @param waited reads that may have waited
 * @param damaged blocks that were found not to be what they were
 */
record Counters(
    LongAdder hits,
    LongAdder misses,
    LongAdder fetched,
    LongAdder readAhead,
    LongAdder answered,
    LongAdder waited,
    LongAdder damaged) {
  Counters() {
    this(
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder());
  }
}
