package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes to a directory of the disk. */
@Timeout(60)
class DiskBlockCacheIT {
  private static final int MIB = 1 << 20;

  @TempDir Path temporary;
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private Path directory = Path.of("unset");
  private DiskBlockCache cache = unset();

  @BeforeEach
  void begin() throws IOException {
    directory = temporary.resolve("cache");
    cache = start(100L * MIB);
  }

  @AfterEach
  void end() {
    cache.close();
  }

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

      org.awaitility.Awaitility.await()
          .until(() -> object.readCached(2 * MIB - 1_000, into) == 1_000);
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
    org.awaitility.Awaitility.await().until(() -> !cacheIsBusy());
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
    org.awaitility.Awaitility.await().until(() -> !cacheIsBusy());
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
  void the_disk_is_bounded_and_the_bytes_are_right_all_the_same() throws Exception {
    restart(8L * MIB);
    List<ObjectVersion> versions = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      versions.add(store.with("o" + i, random(MIB / 2 + i)));
    }
    versions.add(store.with("big", random(12 * MIB)));
    for (ObjectVersion version : versions) {
      assertThat(readAll(version)).isEqualTo(store.bytes(version.key()).orElseThrow());
      assertThat(du()).isLessThanOrEqualTo(9L * MIB);
    }

    assertThat(cache.usage().usedBytes()).isLessThanOrEqualTo(8L * MIB);
    assertThat(du()).isLessThanOrEqualTo(9L * MIB).isGreaterThan(4L * MIB);
  }

  @Test
  void an_object_that_does_not_fit_is_read_without_the_disk() throws Exception {
    restart(2L * MIB);
    byte[] bytes = random(80 * MIB);
    ObjectVersion version = store.with("huge", bytes);

    List<byte[]> read = together(4, () -> hashOf(version));

    assertThat(read).allSatisfy(hash -> assertThat(hash).isEqualTo(hash(bytes)));
    assertThat(du()).isLessThanOrEqualTo(3L * MIB);
  }

  @Test
  void an_open_version_stays_while_others_come_and_go() throws Exception {
    restart(8L * MIB);
    byte[] bytes = random(3 * MIB);
    ObjectVersion kept = store.with("kept", bytes);
    try (CachedObject object = cache.open(kept)) {
      object.read(0, MemorySegment.ofArray(new byte[3 * MIB]));
      for (int i = 0; i < 20; i++) {
        readAll(store.with("o" + i, random(MIB + i)));
      }
      byte[] again = new byte[3 * MIB];

      assertThat(object.readCached(0, MemorySegment.ofArray(again))).isEqualTo(3 * MIB);
      assertThat(again).isEqualTo(bytes);
    }
    assertThat(cache.activity().evictedVersions()).isBetween(15L, 20L);
    assertThat(cache.activity().evictedBytes()).isGreaterThanOrEqualTo(15L * MIB);
  }

  @Test
  void room_that_has_to_stay_free_is_not_taken() throws Exception {
    cache.close();
    long free = Files.getFileStore(temporary).getUsableSpace();
    cache =
        DiskBlockCache.start(directory, "b", store, new CacheLimits(1L << 40, free, 256L << 20));
    byte[] bytes = random(4 * MIB);

    assertThat(readAll(store.with("a", bytes))).isEqualTo(bytes);

    assertThat(cache.usage().usedBytes()).isZero();
    assertThat(cache.usage().capacityBytes()).isLessThan(4L * MIB);
    try (CachedObject object = cache.open(store.with("b", bytes))) {
      object.read(0, MemorySegment.ofArray(new byte[10]));
      assertThat(cache.activity().memoryBlocks()).isBetween(1, BlockMemory.USUAL.blocks());
    }
  }

  @Test
  void a_restarted_process_is_warm() throws Exception {
    byte[] bytes = random(5 * MIB + 3);
    ObjectVersion version = store.with("a", bytes);
    readAll(version);
    long used = cache.usage().usedBytes();

    restart(100L * MIB);

    assertThat(readAll(version)).isEqualTo(bytes);
    assertThat(store.sentBytes()).isEqualTo(bytes.length);
    assertThat(cache.usage().usedBytes()).isEqualTo(used);
  }

  @Test
  void a_smaller_cache_drops_what_does_not_fit_any_more() throws Exception {
    for (int i = 0; i < 10; i++) {
      readAll(store.with("o" + i, random(MIB + i)));
    }

    restart(3L * MIB);

    assertThat(cache.usage().usedBytes()).isLessThanOrEqualTo(3L * MIB);
    assertThat(du()).isLessThanOrEqualTo(4L * MIB);
  }

  @Test
  void a_damaged_block_is_fetched_again() throws Exception {
    byte[] bytes = random(4 * MIB);
    ObjectVersion version = store.with("a", bytes);
    readAll(version);
    cache.close();
    try (RandomAccessFile data = new RandomAccessFile(file(".data").toFile(), "rw")) {
      data.seek(MIB + 5);
      data.write(~data.read());
    }
    cache = start(100L * MIB);

    assertThat(readAll(version)).isEqualTo(bytes);

    assertThat(store.sentBytes()).isEqualTo(bytes.length + MIB);
    assertThat(cache.activity().damagedBlocks()).isEqualTo(1);
  }

  @Test
  void a_version_that_is_whole_can_be_read_from_its_file() throws Exception {
    byte[] bytes = random(2 * MIB + 9);
    ObjectVersion version = store.with("a", bytes);
    try (CachedObject object = cache.open(version)) {
      assertThat(object.whole()).isEmpty();
      object.read(0, MemorySegment.ofArray(new byte[10]));
      assertThat(object.whole()).isEmpty();

      object.fetchAll();

      org.awaitility.Awaitility.await().until(() -> object.whole().isPresent());
      assertThat(object.whole().orElseThrow()).hasBinaryContent(bytes);
      assertThat(store.sentBytes()).isEqualTo(bytes.length);
    }
  }

  @Test
  void after_a_restart_its_checksums_are_looked_at_before_its_file_may_be_read() throws Exception {
    byte[] bytes = random(4 * MIB);
    ObjectVersion good = store.with("good", bytes);
    readAll(good);
    restart(100L * MIB);
    try (CachedObject object = cache.open(good)) {
      assertThat(object.whole()).as("nobody has looked yet").isEmpty();
      org.awaitility.Awaitility.await().until(() -> object.whole().isPresent());
    }
    cache.close();
    try (RandomAccessFile data = new RandomAccessFile(file(".data").toFile(), "rw")) {
      data.seek(3 * MIB + 5);
      data.write(~data.read());
    }
    cache = start(100L * MIB);
    try (CachedObject object = cache.open(good)) {
      assertThat(object.whole()).isEmpty();
      org.awaitility.Awaitility.await().until(() -> !cache.isFetching());
      assertThat(object.whole()).as("one block is damaged").isEmpty();

      object.fetchAll();

      org.awaitility.Awaitility.await().until(() -> object.whole().isPresent());
      assertThat(object.whole().orElseThrow()).hasBinaryContent(bytes);
      assertThat(store.sentBytes()).isEqualTo(bytes.length + MIB);
    }
  }

  @Test
  void damaged_short_and_lost_files_are_fetched_again() throws Exception {
    for (String suffix : List.of(".data", ".map")) {
      for (String damage : List.of("truncate", "empty", "delete", "garbage")) {
        byte[] bytes = random(2 * MIB + 9);
        ObjectVersion version = store.with(suffix + damage, bytes);
        readAll(version);
        cache.close();
        damage(file(suffix), damage);
        cache = start(100L * MIB);

        assertThat(readAll(version)).as(suffix + damage).isEqualTo(bytes);
        assertThat(readAll(version)).isEqualTo(bytes);
        cache.drop(version);
        org.awaitility.Awaitility.await().until(() -> !anyFile());
      }
    }
  }

  @Test
  void what_cannot_be_read_of_the_directory_does_not_keep_the_rest_from_being_used()
      throws Exception {
    byte[] bytes = random(MIB);
    ObjectVersion version = store.with("a", bytes);
    readAll(version);
    cache.close();
    Path damaged = file(".map");
    Files.createSymbolicLink(directory.resolve("0".repeat(32) + ".map"), Path.of("nowhere"));
    try (RandomAccessFile map = new RandomAccessFile(damaged.toFile(), "rw")) {
      map.seek(16);
      map.write(0x7f);
    }
    cache = start(100L * MIB);

    assertThat(readAll(version)).isEqualTo(bytes);
    assertThat(readAll(version)).isEqualTo(bytes);

    assertThat(store.sentBytes()).isEqualTo(2L * bytes.length);
  }

  @Test
  void a_file_that_is_cut_while_it_is_open_is_fetched_again() throws Exception {
    byte[] bytes = random(2 * MIB);
    ObjectVersion version = store.with("a", bytes);
    try (CachedObject object = cache.open(version)) {
      object.read(0, MemorySegment.ofArray(new byte[2 * MIB]));
      damage(file(".data"), "truncate");
      byte[] again = new byte[2 * MIB];

      assertThat(object.read(0, MemorySegment.ofArray(again))).isEqualTo(2 * MIB);

      assertThat(again).isEqualTo(bytes);
    }
  }

  @Test
  void a_deleted_directory_does_no_harm() throws Exception {
    byte[] bytes = random(2 * MIB);
    ObjectVersion before = store.with("before", bytes);
    readAll(before);
    deleteDirectory();

    assertThat(readAll(before)).isEqualTo(bytes);
    assertThat(readAll(store.with("after", bytes))).isEqualTo(bytes);
  }

  @Test
  void a_process_that_was_killed_while_blocks_came_leaves_nothing_wrong() throws Exception {
    byte[] bytes = random(4 * MIB);
    ObjectVersion version = store.with("a", bytes);
    AtomicReference<Path> image = new AtomicReference<>();
    AtomicBoolean once = new AtomicBoolean(true);
    store.before((call, key) -> {
      if (call.equals("read") && store.sentBytes() > 2.5 * MIB && once.getAndSet(false)) {
        image.set(copyDirectory());
      }
    });
    readAll(version);
    assertThat(image.get()).isNotNull();
    store.before((call, key) -> {});
    cache.close();
    directory = image.get();
    cache = start(100L * MIB);
    long before = store.sentBytes();

    assertThat(readAll(version)).isEqualTo(bytes);

    assertThat(store.sentBytes() - before).isBetween(1L, 3L * MIB);
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
    CountDownLatch goOn = new CountDownLatch(1);
    store.before((call, key) -> await(goOn));
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread reader =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((thread, thrown) -> seen.set(thrown))
            .start(() -> readAll(version));
    Thread.sleep(200);

    reader.interrupt();
    reader.join();

    assertThat(seen.get()).isInstanceOf(StoreException.Interrupted.class);
    goOn.countDown();
    assertThat(readAll(version)).isEqualTo(bytes);
  }

  @Test
  void a_written_file_is_taken_over_and_survives_a_restart() throws Exception {
    byte[] bytes = random(3 * MIB + 1);
    ObjectVersion version = store.with("a", bytes);
    Path staging = Files.write(temporary.resolve("staging"), bytes);

    cache.adopt(version, staging);

    assertThat(staging).doesNotExist();
    try (CachedObject object = cache.open(version)) {
      byte[] read = new byte[bytes.length];
      assertThat(object.readCached(0, MemorySegment.ofArray(read))).isEqualTo(bytes.length);
      assertThat(read).isEqualTo(bytes);
    }
    org.awaitility.Awaitility.await().until(() -> !cacheIsBusy());
    restart(100L * MIB);
    assertThat(readAll(version)).isEqualTo(bytes);
    assertThat(store.calls("get")).isZero();
  }

  @Test
  void a_written_file_for_which_there_is_no_room_is_deleted() throws Exception {
    restart(MIB);
    Path staging = Files.write(temporary.resolve("staging"), random(2 * MIB));

    cache.adopt(store.with("a", random(2 * MIB)), staging);

    assertThat(staging).doesNotExist();
    assertThat(du()).isLessThan(MIB);
  }

  @Test
  void what_is_dropped_goes_when_it_is_closed() {
    ObjectVersion version = store.with("a", random(MIB));
    try (CachedObject object = cache.open(version)) {
      object.read(0, MemorySegment.ofArray(new byte[MIB]));
      cache.drop(version);
      assertThat(object.readCached(0, MemorySegment.ofArray(new byte[MIB]))).isEqualTo(MIB);
    }

    org.awaitility.Awaitility.await().until(() -> cache.usage().usedBytes() == 0 && !anyFile());
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

    org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !cacheIsBusy());
    assertThat(store.sentBytes()).isLessThan(20L * MIB);
  }

  private boolean cacheIsBusy() {
    return cache.isFetching();
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

  private byte[] readAll(ObjectVersion version) {
    byte[] bytes = new byte[(int) version.size()];
    try (CachedObject object = cache.open(version)) {
      int at = 0;
      while (at < bytes.length) {
        int length = Math.min(128 << 10, bytes.length - at);
        MemorySegment into = MemorySegment.ofArray(bytes).asSlice(at, length);
        int read = object.readCached(at, into);
        at += read < 0 ? object.read(at, into) : read;
      }
    }
    return bytes;
  }

  private DiskBlockCache start(long sizeBytes) throws IOException {
    DiskBlockCache started =
        DiskBlockCache.start(directory, "b", store, new CacheLimits(sizeBytes, 0, 256L << 20));
    org.awaitility.Awaitility.await().pollDelay(Duration.ZERO).until(started::isReady);
    return started;
  }

  private void restart(long sizeBytes) throws IOException {
    cache.close();
    cache = start(sizeBytes);
  }

  private Path file(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  private boolean anyFile() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.toString().contains("."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void damage(Path file, String how) throws IOException {
    switch (how) {
      case "truncate" -> {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
          open.setLength(open.length() / 2);
        }
      }
      case "empty" -> Files.write(file, new byte[0]);
      case "delete" -> Files.delete(file);
      default -> Files.write(file, random((int) Files.size(file)));
    }
  }

  private Path copyDirectory() {
    Path copy = temporary.resolve("image");
    try (Stream<Path> files = Files.list(directory)) {
      Files.createDirectories(copy);
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  private void deleteDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Bytes on disk, as du(1) counts them. */
  private long du() throws IOException, InterruptedException {
    Process du = new ProcessBuilder("du", "-sB1", directory.toString()).start();
    String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(du.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return Long.parseLong(text.substring(0, text.indexOf('\t')));
  }

  private static <T> List<T> together(int count, Callable<T> work)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(Collections.nCopies(count, work))) {
        results.add(future.get());
      }
      return results;
    }
  }

  private byte[] hashOf(ObjectVersion version) {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[128 << 10];
    try (CachedObject object = cache.open(version)) {
      for (long at = 0; at < version.size(); ) {
        int read = object.read(at, MemorySegment.ofArray(chunk));
        digest.update(chunk, 0, read);
        at += read;
      }
    }
    return digest.digest();
  }

  private static byte[] hash(byte[] bytes) {
    return sha256().digest(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
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

  @SuppressWarnings("NullAway") // set before each test
  private static DiskBlockCache unset() {
    return null;
  }
}
