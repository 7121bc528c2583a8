package io.ossmount.bench.hot;

import io.ossmount.cache.block.BlockCache.CachedObject;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Blocks that are in the cache: presence map, block lookup, reading from the file. */
@State(Scope.Thread)
public class BlockCacheBenchmark {
  private static final int PAGE = 4096;
  private static final int LARGE = 128 << 10;

  private final MemorySegment page = Arena.ofAuto().allocate(PAGE);
  private final MemorySegment large = Arena.ofAuto().allocate(LARGE);
  private FilledCache cache;
  private CachedObject object;

  /** For JMH. */
  @SuppressWarnings("NullAway.Init") // JMH calls prepare
  public BlockCacheBenchmark() {}

  /** Before each fork's runs. */
  @Setup
  public void prepare() throws IOException, InterruptedException {
    cache = FilledCache.start(new OneObject());
    object = cache.blocks().open(OneObject.VERSION);
  }

  /** After them. */
  @TearDown
  public void end() throws IOException {
    object.close();
    cache.close();
  }

  /** 4 KiB anywhere. */
  @Benchmark
  public int readPage() {
    return read(page);
  }

  /** 128 KiB anywhere. */
  @Benchmark
  public int readLarge() {
    return read(large);
  }

  /** Whether all of a version is here, as is asked before it is fetched ahead. */
  @Benchmark
  public boolean isHere() {
    return cache.blocks().isHereOrInUse(OneObject.VERSION);
  }

  private int read(MemorySegment into) {
    long pages = (OneObject.VERSION.size() - into.byteSize()) / PAGE;
    int count = object.readCached(ThreadLocalRandom.current().nextLong(pages) * PAGE, into);
    if (count < 0) {
      throw new IllegalStateException("not in the cache");
    }
    return count;
  }
}
