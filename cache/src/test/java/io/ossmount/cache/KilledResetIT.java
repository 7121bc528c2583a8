package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.block.CacheLimits;
import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.Unset;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Resets of the cache while files are open, while OSS is away, and in a process that is killed with
 * SIGKILL. Needs root and /dev/fuse.
 */
@Timeout(300)
class KilledResetIT {
  private static final int OBJECTS_BEFORE = 2000;
  private static final int LARGE_BYTES = 3 << 20;
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path directory;
  private ServedMount mount = Unset.value();

  private void serve() throws Exception {
    mount = new ServedMount(directory);
  }

  @AfterEach
  void end() throws Exception {
    mount.end();
  }

  /** What an earlier process has cached. */
  private static void fill(Path blocks) throws IOException {
    InMemoryObjectStore store = new InMemoryObjectStore();
    try (DiskBlockCache cache =
        DiskBlockCache.start(
            blocks, EmulatedOss.BUCKET, store, new CacheLimits(1L << 30, 0, 256L << 20))) {
      long _ = awaitStart(cache);
      for (int i = 0; i < OBJECTS_BEFORE; i++) {
        ObjectVersion version = store.with("before-" + i, new byte[10]);
        try (CachedObject object = cache.open(version)) {
          assertThat(object.read(0, MemorySegment.ofArray(new byte[10]))).isEqualTo(10);
        }
      }
      await().until(() -> cache.activity().fetches() == 0);
    }
  }

  private static long awaitStart(DiskBlockCache cache) throws IOException {
    try {
      return cache.emptying().awaitStart();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_is_open_and_what_is_dirty_stay_whole() throws Exception {
    serve();
    byte[] bytes = random();
    mount.oss().put("open", bytes);
    mount.oss().put("closed", random());
    assertThat(Files.readAllBytes(file("open"))).isEqualTo(bytes);
    assertThat(Files.readAllBytes(file("closed"))).hasSize(LARGE_BYTES);
    Set<String> before = cached();
    try (FileChannel open = FileChannel.open(file("open"));
        FileChannel dirty =
            FileChannel.open(
                file("dirty"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      read(open, 0, 4096);
      write(dirty, "not yet uploaded, ");

      mount.askReset("monday");
      awaitReset("monday");

      assertThat(cached()).hasSize(1).isSubsetOf(before);
      assertThat(read(open, 0, LARGE_BYTES)).isEqualTo(ByteBuffer.wrap(bytes));
      write(dirty, "and whole");
    }

    assertThat(mount.oss().get("dirty")).isEqualTo("not yet uploaded, and whole".getBytes(UTF_8));
    await().atMost(SOON).until(() -> cached().stream().noneMatch(before::contains));
    assertThat(Files.readAllBytes(file("closed"))).hasSize(LARGE_BYTES);
  }

  @Test
  void it_needs_no_oss() throws Exception {
    serve();
    mount.oss().put("file", random());
    assertThat(Files.readAllBytes(file("file"))).hasSize(LARGE_BYTES);
    assertThat(cached()).hasSize(1);
    mount.oss().close();

    mount.askReset("monday");

    awaitReset("monday");
    assertThat(cached()).isEmpty();
  }

  @Test
  void the_next_process_goes_on_when_one_is_killed_in_the_middle() throws Exception {
    fill(ServedMount.cacheOf(directory).resolve("blocks"));
    serve();
    byte[] bytes = random();
    mount.oss().put("open", bytes);
    assertThat(Files.readAllBytes(file("open"))).isEqualTo(bytes);
    try (FileChannel open = FileChannel.open(file("open"));
        FileChannel dirty =
            FileChannel.open(
                file("dirty"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      read(open, 0, 4096);
      write(dirty, "not yet uploaded");
      String next = mount.start();
      // It cannot write down that it is done: however quick it is, it is killed before.
      Path inTheWay = Files.createDirectory(ServedMount.cacheOf(directory).resolve("reset.new"));
      int all = cached().size();
      mount.askReset("monday");
      awaitLessThan(all);

      mount.kill();
      Files.delete(inTheWay);
      mount.handOver(next);

      awaitReset("monday");
      assertThat(read(open, 0, LARGE_BYTES)).isEqualTo(ByteBuffer.wrap(bytes));
    }
    assertThat(mount.oss().get("dirty")).isEqualTo("not yet uploaded".getBytes(UTF_8));
    assertThat(Files.readAllBytes(file("open"))).isEqualTo(bytes);
    // Else the killed process had done it, and had written down what was open.
    assertThat(Files.readString(ServedMount.cacheOf(directory).resolve("reset")))
        .contains("inUse=\n");
  }

  /** Some of what was cached is gone. */
  private void awaitLessThan(int all) throws Exception {
    long end = System.nanoTime() + SOON.toNanos();
    while (cached().size() >= all) {
      assertThat(System.nanoTime()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private void awaitReset(String value) {
    await().atMost(SOON).until(() -> mount.isReset(value));
  }

  private Path file(String name) {
    return mount.target().resolve(name);
  }

  /** Names of versions whose blocks are in the cache. */
  private Set<String> cached() throws IOException {
    try (Stream<Path> files = Files.list(ServedMount.cacheOf(directory).resolve("blocks"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".data"))
          .collect(Collectors.toSet());
    }
  }

  private static ByteBuffer read(FileChannel from, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && from.read(bytes, at + bytes.position()) >= 0) {
      // All of it.
    }
    return bytes.flip();
  }

  private static void write(FileChannel to, String text) throws IOException {
    assertThat(to.write(ByteBuffer.wrap(text.getBytes(UTF_8)))).isEqualTo(text.length());
  }

  private static byte[] random() {
    byte[] bytes = new byte[LARGE_BYTES];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
