package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What readers get, and who asks the store for it. */
class DiskBlockCacheIT extends CacheOnDisk {
  @Test
  void what_was_read_once_is_not_fetched_again() {
    byte[] bytes = random(3 * MIB + 17);
    ObjectVersion version = store.with("a", bytes);

    assertThat(readAll(version)).isEqualTo(bytes);
    assertThat(readAll(version)).isEqualTo(bytes);

    assertThat(store.sentBytes()).isEqualTo(bytes.length);
    assertThat(cache.usage().fetchedBytes()).isEqualTo(bytes.length);
    assertThat(cache.usage().hitBytes()).isGreaterThanOrEqualTo(bytes.length);
    assertThat(cache.usage().usedBytes()).isBetween((long) bytes.length, bytes.length + 20_000L);
  }

  @Test
  void what_is_not_there_is_not_read_without_the_network() {
    byte[] bytes = random(2 * MIB);
    ObjectVersion version = store.with("a", bytes);
    try (CachedObject object = cache.open(version)) {
      MemorySegment into = MemorySegment.ofArray(new byte[4096]);
      assertThat(object.readCached(MIB, into)).isEqualTo(-1);
      assertThat(store.calls("get")).isZero();

      assertThat(object.read(MIB, into)).isEqualTo(4096);

      Awaitility.await().until(() -> object.readCached(2 * MIB - 1_000, into) == 1_000);
      assertThat(object.readCached(MIB - 1, into)).isEqualTo(-1);
      assertThat(object.readCached(2 * MIB, into)).isZero();
      assertThat(object.readCached(5 * MIB, into)).isZero();
      assertThat(store.sentBytes()).isEqualTo(MIB);
    }
  }

  @Test
  void how_much_of_a_version_is_cached_is_told_in_use_and_not() throws IOException {
    ObjectVersion version = store.with("a", random(3 * MIB + 17));
    assertThat(cache.cachedBytes(version)).isZero();

    try (CachedObject object = cache.open(version)) {
      object.read(MIB, MemorySegment.ofArray(new byte[4096]));
      assertThat(cache.cachedBytes(version)).isEqualTo(MIB);
    }
    Awaitility.await().until(() -> !cacheIsBusy());
    assertThat(cache.cachedBytes(version)).isEqualTo(MIB);

    readAll(version);
    assertThat(cache.cachedBytes(version)).isEqualTo(version.size());
    assertThat(cache.cachedBytes(store.with("empty", new byte[0]))).isZero();
  }

  @Test
  void objects_of_two_buckets_that_look_the_same_are_not_mixed() {
    byte[] bytes = random(MIB);
    ObjectVersion version = store.with("a", bytes);
    InMemoryObjectStore other = new InMemoryObjectStore();
    assertThat(other.with("a", bytes)).isEqualTo(version);
    try (BlockCache others = cache.ofBucket("other", other)) {
      assertThat(readAll(version)).isEqualTo(bytes);
      try (CachedObject object = others.open(version)) {
        object.fetchAll();
      }
      assertThat(other.sentBytes()).isEqualTo(MIB);
      assertThat(cache.usage().usedBytes()).isGreaterThanOrEqualTo(2L * MIB);
      others.drop(version);
      assertThat(cache.isHereOrInUse(version)).isTrue();
      assertThat(others.isHereOrInUse(version)).isFalse();
    }
  }

  @Test
  void a_bucket_that_does_not_answer_takes_no_gets_from_the_others() throws Exception {
    byte[] bytes = random(MIB);
    ObjectVersion version = store.with("a", bytes);
    InMemoryObjectStore silent = new InMemoryObjectStore();
    CountDownLatch end = new CountDownLatch(1);
    List<ObjectVersion> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(silent.with("silent-" + i, bytes));
    }
    silent.before((call, key) -> await(end));
    try (BlockCache others = cache.ofBucket("silent", silent);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (ObjectVersion one : many) {
          threads.execute(() -> {
            try (CachedObject object = others.open(one)) {
              object.fetchAll();
            }
          });
        }
        Awaitility.await().until(() -> cache.activity().fetches() == 16);
        assertThat(readAll(version)).isEqualTo(bytes);
        // The fetch of what was read counts for a moment after its last byte is there.
        Awaitility.await().until(() -> cache.activity().fetches() <= 16);
      } finally {
        end.countDown();
      }
    }
  }

  @Test
  void an_empty_object_is_read() {
    assertThat(readAll(store.with("empty", new byte[0]))).isEmpty();
    assertThat(store.calls("get")).isZero();
  }

  @Test
  void many_readers_share_one_fetch() throws Exception {
    byte[] bytes = random(64 * MIB);
    ObjectVersion version = store.with("a", bytes);

    List<byte[]> read = together(32, () -> hashOf(version));

    assertThat(read).allSatisfy(hash -> assertThat(hash).isEqualTo(hash(bytes)));
    assertThat(store.sentBytes()).isEqualTo(bytes.length);
  }

  @Test
  void a_sequential_reader_has_the_next_blocks_fetched_ahead_and_a_random_one_has_not() {
    ObjectVersion sequential = store.with("s", random(40 * MIB));
    ObjectVersion jumping = store.with("j", random(40 * MIB));

    readAll(sequential);
    assertThat(store.calls("get")).isLessThan(25);

    long before = store.sentBytes();
    try (CachedObject object = cache.open(jumping)) {
      for (int block : new int[] {30, 5, 17, 39, 10}) {
        object.read((long) block * MIB + 100, MemorySegment.ofArray(new byte[4096]));
      }
    }
    Awaitility.await().until(() -> !cacheIsBusy());
    assertThat(store.sentBytes() - before).isEqualTo(5 * MIB);
  }

  @Test
  void a_reader_gets_bytes_before_the_block_is_whole() throws Exception {
    byte[] bytes = random(3 * MIB);
    ObjectVersion version = store.with("slow", bytes);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    store.before((call, key) -> {
      if (call.equals("read") && !first.getAndSet(false)) {
        await(goOn);
      }
    });

    try (CachedObject object = cache.open(version)) {
      byte[] begin = new byte[10_000];
      assertThat(object.read(0, MemorySegment.ofArray(begin))).isEqualTo(10_000);
      assertThat(begin).isEqualTo(Arrays.copyOf(bytes, 10_000));
      assertThat(object.readCached(0, MemorySegment.ofArray(begin))).isEqualTo(-1);
    } finally {
      goOn.countDown();
    }
  }

  @Test
  void another_version_is_never_mixed_in() {
    ObjectVersion old = store.with("a", random(3 * MIB));
    try (CachedObject object = cache.open(old)) {
      object.read(0, MemorySegment.ofArray(new byte[100]));
      store.with("a", random(3 * MIB + 1));

      assertThatThrownBy(() -> object.read(2 * MIB, MemorySegment.ofArray(new byte[100])))
          .isInstanceOf(StoreException.VersionChanged.class);
      byte[] begin = new byte[100];
      object.read(0, MemorySegment.ofArray(begin));
      assertThat(begin).isEqualTo(Arrays.copyOf(random(3 * MIB), 100));
    }
  }

  @Test
  void a_failure_is_told_to_all_who_wait_and_the_next_read_tries_again() throws Exception {
    byte[] bytes = random(MIB);
    ObjectVersion version = store.with("a", bytes);
    store.before((call, key) -> {
      if (call.equals("get")) {
        sleep(200);
        throw new StoreException.Unavailable("503");
      }
    });

    assertThatThrownBy(() -> together(8, () -> readAll(version)))
        .hasRootCauseInstanceOf(StoreException.Unavailable.class);
    store.before((call, key) -> {});

    assertThat(readAll(version)).isEqualTo(bytes);
  }

  @Test
  void an_interrupted_reader_disturbs_no_other() throws Exception {
    byte[] bytes = random(32 * MIB);
    ObjectVersion version = store.with("a", bytes);
    readAll(version);
    AtomicBoolean stop = new AtomicBoolean();
    try (CachedObject shared = cache.open(version);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> disturbed = readers.submit(() -> readUntil(stop, shared, bytes));
      for (int i = 0; i < 200; i++) {
        Thread victim = Thread.ofVirtual().start(() -> readUntil(stop, shared, bytes));
        Thread.sleep(2);
        victim.interrupt();
        victim.join();
      }
      stop.set(true);
      disturbed.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void an_interrupted_reader_stops_waiting_and_the_fetch_goes_on() throws Exception {
    byte[] bytes = random(MIB);
    ObjectVersion version = store.with("a", bytes);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    store.before((call, key) -> {
      asked.countDown();
      await(goOn);
    });
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread reader =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((thread, thrown) -> seen.set(thrown))
            .start(() -> readAll(version));
    await(asked);

    reader.interrupt();
    reader.join();

    assertThat(seen.get()).isInstanceOf(StoreException.Interrupted.class);
    goOn.countDown();
    assertThat(readAll(version)).isEqualTo(bytes);
  }

  @Test
  void a_reader_that_goes_away_stops_what_was_fetched_ahead() throws Exception {
    ObjectVersion version = store.with("a", random(80 * MIB));
    store.before((call, key) -> {
      if (call.equals("read")) {
        sleep(5);
      }
    });
    try (CachedObject object = cache.open(version)) {
      for (int i = 0; i < 32; i++) {
        object.read((long) i * MIB / 8, MemorySegment.ofArray(new byte[MIB / 8]));
      }
    }

    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !cacheIsBusy());
    assertThat(store.sentBytes()).isLessThan(20L * MIB);
  }

  private static void readUntil(AtomicBoolean stop, CachedObject object, byte[] bytes) {
    Random random = new Random();
    byte[] into = new byte[64 << 10];
    while (!stop.get()) {
      int at = random.nextInt(bytes.length - into.length);
      try {
        assertThat(object.read(at, MemorySegment.ofArray(into))).isEqualTo(into.length);
      } catch (StoreException.Interrupted e) {
        return;
      }
      assertThat(Arrays.mismatch(into, 0, into.length, bytes, at, at + into.length)).isNegative();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
