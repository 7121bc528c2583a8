package io.ossmount.cache.block;

import java.util.concurrent.atomic.LongAdder;

/** What the cache did since it was made, in bytes. */
record Counters(LongAdder hits, LongAdder misses, LongAdder fetched) {
  Counters() {
    this(new LongAdder(), new LongAdder(), new LongAdder());
  }
}
