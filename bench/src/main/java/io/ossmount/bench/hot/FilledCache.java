package io.ossmount.bench.hot;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.block.CacheLimits;
import io.ossmount.cache.block.DiskBlockCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** A block cache in a directory of its own, which has the whole of the one object. */
final class FilledCache implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path directory;
  private final DiskBlockCache blocks;

  private FilledCache(Path directory, DiskBlockCache blocks) {
    this.directory = directory;
    this.blocks = blocks;
  }

  static FilledCache start(OneObject store) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("ossmount-hot");
    DiskBlockCache blocks =
        DiskBlockCache.start(
            directory.resolve("blocks"),
            OneObject.BUCKET,
            store,
            new CacheLimits(1L << 30, 0, 64 << 20));
    FilledCache cache = new FilledCache(directory, blocks);
    cache.fill();
    return cache;
  }

  DiskBlockCache blocks() {
    return blocks;
  }

  Path directory() {
    return directory;
  }

  /** Until the directory was read at the start, what is fetched does not stay. */
  private void fill() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isFilled()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the cache does not fill");
      }
      Thread.sleep(10);
    }
  }

  private boolean isFilled() {
    try (CachedObject object = blocks.open(OneObject.VERSION)) {
      object.fetchAll();
      return object.whole().isPresent();
    }
  }

  @Override
  public void close() throws IOException {
    blocks.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
