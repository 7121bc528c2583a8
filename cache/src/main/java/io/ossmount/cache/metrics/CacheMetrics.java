package io.ossmount.cache.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.ossmount.cache.block.BlockCache.CacheUsage;
import io.ossmount.cache.block.DiskBlockCache;
import java.util.function.ToDoubleFunction;

/** What the block cache does. */
final class CacheMetrics {
  private static final String BYTES = "bytes";

  private final DiskBlockCache cache;
  private final MeterRegistry registry;

  private CacheMetrics(DiskBlockCache cache, MeterRegistry registry) {
    this.cache = cache;
    this.registry = registry;
  }

  static void bind(DiskBlockCache cache, MeterRegistry registry) {
    CacheMetrics metrics = new CacheMetrics(cache, registry);
    metrics.bindReads();
    metrics.bindFetches();
    metrics.bindSpace();
  }

  private void bindReads() {
    String reads = "Reads that were answered at once (cache), and that may have waited (store)";
    counter("ossmount.reads", reads, c -> c.activity().answeredReads())
        .tag("source", "cache")
        .register(registry);
    counter("ossmount.reads", reads, c -> c.activity().waitedReads())
        .tag("source", "store")
        .register(registry);
    String bytes = "Bytes of reads that were in the cache, and that readers waited for (store)";
    counter("ossmount.read", bytes, c -> c.usage().hitBytes())
        .tag("source", "cache")
        .baseUnit(BYTES)
        .register(registry);
    counter("ossmount.read", bytes, c -> c.usage().missBytes())
        .tag("source", "store")
        .baseUnit(BYTES)
        .register(registry);
    gauge("ossmount.read.hit.ratio", c -> hitRatio(c.usage()))
        .description("Part of the bytes of reads that was in the cache, since start")
        .register(registry);
  }

  private void bindFetches() {
    counter("ossmount.fetched", "Bytes that came from OSS", c -> c.usage().fetchedBytes())
        .baseUnit(BYTES)
        .register(registry);
    counter(
            "ossmount.read.ahead",
            "Those of them that came before a reader of the file had asked for them",
            c -> c.activity().readAheadBytes())
        .baseUnit(BYTES)
        .register(registry);
    gauge("ossmount.fetches", c -> c.activity().fetches())
        .description("GETs under way")
        .register(registry);
    gauge("ossmount.ahead", c -> c.activity().aheadBytes())
        .description("Bytes that are being fetched before anybody waits for them")
        .baseUnit(BYTES)
        .register(registry);
    gauge("ossmount.ahead.limit", c -> c.ahead().mostBytes())
        .description("Most that these may be")
        .baseUnit(BYTES)
        .register(registry);
  }

  private void bindSpace() {
    gauge("ossmount.cache.capacity", c -> c.usage().capacityBytes())
        .description("Most bytes that blocks may take on disk now")
        .baseUnit(BYTES)
        .register(registry);
    gauge("ossmount.cache.used", c -> c.usage().usedBytes())
        .description("Bytes that they take")
        .baseUnit(BYTES)
        .register(registry);
    gauge("ossmount.cache.memory.blocks", c -> c.activity().memoryBlocks())
        .description("Blocks that are in memory because the disk has no room or does not work")
        .register(registry);
    counter(
            "ossmount.cache.evictions",
            "Versions of objects that left to make room",
            c -> c.activity().evictedVersions())
        .register(registry);
    counter(
            "ossmount.cache.evicted",
            "Bytes that they took on disk",
            c -> c.activity().evictedBytes())
        .baseUnit(BYTES)
        .register(registry);
    counter(
            "ossmount.cache.damaged.blocks",
            "Blocks on disk that were not what they were, and are fetched again",
            c -> c.activity().damagedBlocks())
        .register(registry);
  }

  private static double hitRatio(CacheUsage usage) {
    long all = usage.hitBytes() + usage.missBytes();
    return all == 0 ? Double.NaN : (double) usage.hitBytes() / all;
  }

  private FunctionCounter.Builder<DiskBlockCache> counter(
      String name, String description, ToDoubleFunction<DiskBlockCache> value) {
    return FunctionCounter.builder(name, cache, value).description(description);
  }

  private Gauge.Builder<DiskBlockCache> gauge(String name, ToDoubleFunction<DiskBlockCache> value) {
    return Gauge.builder(name, cache, value);
  }
}
