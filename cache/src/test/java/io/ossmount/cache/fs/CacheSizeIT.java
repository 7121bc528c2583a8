package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cache takes no more of the disk than it may, while many read three times as much. What counts
 * is what the file system has given away, so files that are open, or deleted and still open in this
 * process or in the kernel, are in it. Needs root and /dev/fuse.
 */
@Timeout(120)
final class CacheSizeIT {
  private static final int MIB = 1 << 20;
  private static final long LIMIT = 32L * MIB;
  private static final int FILES = 48;
  private static final int REMOVED = 20;
  private static final int READERS = 6;
  private static final byte[] SMALL = KernelMount.random(MIB, 5);
  private static final byte[] LARGE = KernelMount.random(3 * MIB, 6);
  private static final Duration TIME = Duration.ofSeconds(6);

  @TempDir Path directory;

  @Test
  void theLimitHoldsUnderLoad() throws Exception {
    KernelMount.Settings settings = KernelMount.Settings.USUAL.withCacheBytes(LIMIT);
    try (SmallDisk disk = SmallDisk.inMemory(directory.resolve("blocks"), 200);
        KernelMount mounted = new KernelMount(directory, settings);
        ExecutorService threads = Executors.newFixedThreadPool(READERS + 2)) {
      List<byte[]> files = files(mounted);
      long end = System.nanoTime() + TIME.toNanos();
      List<Future<?>> works = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        Random random = new Random(i);
        works.add(
            threads.submit(() -> {
              while (System.nanoTime() < end) {
                read(mounted.root, files, random);
              }
              return true;
            }));
      }
      works.add(
          threads.submit(() -> {
            for (int i = 0; i < REMOVED && System.nanoTime() < end; i++) {
              readRemoved(mounted.root, "removed-" + i);
            }
            return true;
          }));
      AtomicBoolean over = new AtomicBoolean();
      Future<Long> most = threads.submit(() -> mostUsed(disk, over));
      try {
        for (Future<?> work : works) {
          work.get();
        }
      } finally {
        over.set(true);
      }
      assertThat(most.get()).isBetween(LIMIT * 80 / 100, LIMIT + 8 * MIB);
      assertThat(mounted.opens().passthrough()).isPositive();
      assertThat(mounted.opens().cached()).isPositive();
    }
  }

  private static List<byte[]> files(KernelMount mounted) {
    Random random = new Random(1);
    List<byte[]> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      int size = i % 3 == 0 ? 1 + random.nextInt(MIB) : MIB + random.nextInt(4 * MIB);
      files.add(mounted.put("f" + i, KernelMount.random(size, i)));
    }
    for (int i = 0; i < REMOVED; i++) {
      mounted.put("removed-" + i + "-small", SMALL);
      mounted.put("removed-" + i + "-large", LARGE);
    }
    return files;
  }

  private static void read(Path root, List<byte[]> files, Random random) throws IOException {
    int which = random.nextInt(FILES);
    byte[] bytes = files.get(which);
    try (FileChannel file = FileChannel.open(root.resolve("f" + which))) {
      int at = random.nextBoolean() ? 0 : random.nextInt(bytes.length);
      ByteBuffer into = ByteBuffer.allocate(bytes.length - at);
      while (into.hasRemaining() && file.read(into, at + into.position()) >= 0) {
        // Up to the end of the file.
      }
      assertThat(Arrays.equals(into.array(), 0, into.position(), bytes, at, bytes.length))
          .as("file %d from %d on", which, at)
          .isTrue();
    }
  }

  /** Two files are deleted while they are open, and read to the end. */
  private static void readRemoved(Path root, String name) throws IOException {
    try (FileChannel small = FileChannel.open(root.resolve(name + "-small"));
        FileChannel large = FileChannel.open(root.resolve(name + "-large"))) {
      Files.delete(root.resolve(name + "-small"));
      Files.delete(root.resolve(name + "-large"));
      assertReads(small, SMALL);
      assertReads(large, LARGE);
    }
  }

  private static void assertReads(FileChannel file, byte[] bytes) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(bytes.length);
    while (into.hasRemaining() && file.read(into) >= 0) {
      // Up to the end of the file.
    }
    assertThat(into.array()).isEqualTo(bytes);
  }

  private static long mostUsed(SmallDisk disk, AtomicBoolean over) throws IOException {
    long most = 0;
    while (!over.get()) {
      most = Math.max(most, disk.usedBytes());
    }
    return most;
  }
}
