package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.block.Emptying.Dropped;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Empties a cache on the disk. */
@Timeout(60)
class EmptyingIT {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final List<DiskBlockCache> started = new ArrayList<>();

  @BeforeEach
  void begin() throws IOException {
    start(false);
  }

  @AfterEach
  void end() {
    started.forEach(DiskBlockCache::close);
  }

  @Test
  void what_is_not_in_use_is_gone_at_once_and_fetched_again() throws Exception {
    byte[] bytes = random(2 * MIB);
    ObjectVersion a = store.with("a", bytes);
    ObjectVersion b = store.with("b", random(5));
    readAll(a);
    readAll(b);
    long used = cache().usage().usedBytes();

    Dropped dropped = cache().emptying().dropAll();

    assertThat(dropped).isEqualTo(new Dropped(used, List.of()));
    assertThat(cache().usage().usedBytes()).isZero();
    assertThat(files()).isEmpty();
    assertThat(readAll(a)).isEqualTo(bytes);
    assertThat(store.sentBytes()).isEqualTo(4 * MIB + 5);
  }

  @Test
  void what_is_open_stays_whole_until_it_is_closed() throws Exception {
    byte[] bytes = random(2 * MIB);
    ObjectVersion version = store.with("a", bytes);
    readAll(version);
    try (CachedObject open = cache().open(version)) {
      Dropped dropped = cache().emptying().dropAll();

      assertThat(dropped.bytes()).isZero();
      assertThat(dropped.inUse()).hasSize(1);
      assertThat(Files.readAllBytes(open.whole().orElseThrow())).isEqualTo(bytes);
      assertThat(readAll(version)).isEqualTo(bytes);
      assertThat(store.sentBytes()).isEqualTo(2 * MIB);
    }
    assertThat(files()).isEmpty();
    assertThat(cache().usage().usedBytes()).isZero();
  }

  @Test
  void what_a_killed_process_had_in_use_can_be_dropped_by_its_names() throws Exception {
    ObjectVersion version = store.with("a", random(MIB));
    readAll(version);
    List<String> names;
    try (CachedObject _ = cache().open(version)) {
      names = cache().emptying().dropAll().inUse();
    }
    readAll(version);
    readAll(store.with("b", random(MIB)));
    restart(false);

    Dropped dropped = cache().emptying().drop(List.of(names.getFirst(), "no name"));

    assertThat(dropped.bytes()).isGreaterThanOrEqualTo(MIB);
    assertThat(files()).hasSize(2);
  }

  @Test
  void what_an_earlier_process_left_is_not_used_when_it_is_not_wanted() throws Exception {
    byte[] bytes = random(2 * MIB);
    ObjectVersion version = store.with("a", bytes);
    readAll(version);
    long used = cache().usage().usedBytes();
    cache().close();
    started.add(startOnly(true));

    // Also before the directory has been read.
    byte[] read = readAll(version);

    assertThat(read).isEqualTo(bytes);
    assertThat(store.sentBytes()).isEqualTo(4 * MIB);
    assertThat(cache().emptying().awaitStart()).isEqualTo(used);
  }

  @Test
  void readers_get_the_right_bytes_meanwhile() throws Exception {
    List<byte[]> contents = new ArrayList<>();
    List<ObjectVersion> versions = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      contents.add(random(MIB + i));
      versions.add(store.with("o" + i, contents.get(i)));
    }
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger reads = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < 4; reader++) {
        Random random = new Random(reader);
        readers.add(
            threads.submit(() -> {
              while (!stop.get()) {
                int which = random.nextInt(versions.size());
                assertThat(readAll(versions.get(which))).isEqualTo(contents.get(which));
                reads.incrementAndGet();
              }
              return null;
            }));
      }
      while (reads.get() < 100) {
        Dropped _ = cache().emptying().dropAll();
      }
      stop.set(true);
      for (Future<?> reader : readers) {
        reader.get();
      }
    }
    await().until(() -> !cache().isFetching());
    Dropped _ = cache().emptying().dropAll();
    assertThat(files()).isEmpty();
    assertThat(cache().usage().usedBytes()).isZero();
  }

  private DiskBlockCache cache() {
    return started.getLast();
  }

  private void restart(boolean isUnwanted) throws IOException {
    cache().close();
    start(isUnwanted);
  }

  private void start(boolean isUnwanted) throws IOException {
    started.add(startOnly(isUnwanted));
    await().until(cache()::isReady);
  }

  private DiskBlockCache startOnly(boolean isUnwanted) throws IOException {
    return DiskBlockCache.start(
        directory,
        "b",
        store,
        new CacheLimits(100L * MIB, 0, 256L << 20),
        BlockMemory.USUAL,
        () -> isUnwanted);
  }

  private byte[] readAll(ObjectVersion version) {
    byte[] bytes = new byte[(int) version.size()];
    try (CachedObject object = cache().open(version)) {
      int at = 0;
      while (at < bytes.length) {
        int length = Math.min(MIB, bytes.length - at);
        at += object.read(at, MemorySegment.ofArray(bytes).asSlice(at, length));
      }
    }
    await().until(() -> !cache().isFetching());
    return bytes;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> !file.endsWith("lock")).toList();
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
