package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.RetryingObjectStore;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.oss.EmulatedOss;
import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.cache.store.oss.Unset;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The way of a read from OSS, over sockets, with a fault at each place: the right bytes come or the
 * right failure, never a wrong byte.
 */
@Timeout(120)
class FaultsIT {
  private static final int MIB = 1 << 20;
  private static final int SMALL = 300_000;
  private static final int LARGE = 9 * MIB + 12_345;

  @TempDir Path data;
  @TempDir Path directory;
  private volatile Duration limit = Duration.ofSeconds(15);
  private EmulatedOss oss = Unset.value();
  private OssObjectStore store = Unset.value();
  private DiskBlockCache cache = Unset.value();

  @BeforeEach
  void start() throws IOException {
    oss = new EmulatedOss(data);
    store = oss.store();
    cache =
        DiskBlockCache.start(
            directory,
            EmulatedOss.BUCKET,
            new RetryingObjectStore(store, () -> limit, failure -> {}),
            new CacheLimits(200L * MIB, 0, 256L << 20));
    Awaitility.await().until(cache::isReady);
  }

  @AfterEach
  void stop() {
    cache.close();
    store.close();
    oss.close();
  }

  static Stream<Arguments> passingFaults() {
    return Stream.of(SMALL, LARGE)
        .flatMap(size ->
            Stream.of(
                    Effect.answer(500, "InternalError"),
                    Effect.answer(503, "ServiceUnavailable"),
                    Effect.slowDown(),
                    Effect.qpsLimitExceeded(),
                    new Effect.Delay(Duration.ofMillis(300)),
                    new Effect.SlowBody(4L * MIB),
                    new Effect.CutBody(0, false),
                    new Effect.CutBody(100_001, false),
                    new Effect.CutBody(100_001, true),
                    new Effect.Reset(false),
                    new Effect.Reset(true))
                .map(effect -> Arguments.of(size, effect)));
  }

  @ParameterizedTest
  @MethodSource("passingFaults")
  void a_fault_that_passes_is_not_seen(int size, Effect effect) throws Exception {
    byte[] bytes = bytes(size);
    ObjectVersion version = put("a", bytes);
    oss.emulator().faults().add(Fault.on(Operation.GET_OBJECT).times(3).gives(effect));

    List<byte[]> read = together(8, () -> readAll(version));

    assertThat(read).allSatisfy(each -> assertThat(each).isEqualTo(bytes));
  }

  @Test
  void faults_again_and_again_are_not_seen_either() throws Exception {
    byte[] bytes = bytes(LARGE);
    ObjectVersion version = put("a", bytes);
    for (Effect effect :
        List.of(
            Effect.slowDown(),
            new Effect.CutBody(200_000, true),
            new Effect.CutBody(70_000, false),
            new Effect.Reset(true))) {
      oss.emulator().faults().add(Fault.on(Operation.GET_OBJECT).probability(0.12).gives(effect));
    }

    assertThat(together(4, () -> readAll(version)))
        .allSatisfy(each -> assertThat(each).isEqualTo(bytes));
  }

  @ParameterizedTest
  @MethodSource("wrongBytes")
  void an_object_that_comes_whole_and_wrong_is_fetched_again(Effect effect) {
    byte[] bytes = bytes(SMALL);
    ObjectVersion version = put("a", bytes);
    oss.emulator().faults().add(Fault.on(Operation.GET_OBJECT).times(2).gives(effect));

    assertThat(readAll(version)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @MethodSource("wrongBytes")
  void an_object_that_comes_whole_and_is_always_wrong_is_never_seen(Effect effect) {
    ObjectVersion version = put("a", bytes(SMALL));
    oss.emulator().faults().add(Fault.on(Operation.GET_OBJECT).gives(effect));

    assertThatThrownBy(() -> readAll(version)).isInstanceOf(StoreException.Corrupted.class);
  }

  static Stream<Effect> wrongBytes() {
    return Stream.of(new Effect.FlipBit(12_345), new Effect.WrongCrc());
  }

  @Test
  void a_wrong_bit_of_a_part_is_found_when_the_object_is_whole_and_does_not_stay() {
    byte[] bytes = bytes(LARGE);
    ObjectVersion version = put("a", bytes);
    oss.emulator()
        .faults()
        .add(Fault.on(Operation.GET_OBJECT).times(1).gives(new Effect.FlipBit(12_345)));
    byte[] first = readAll(version);
    assertThat(first).isNotEqualTo(bytes);

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(readAll(version)).isEqualTo(bytes));
  }

  @Test
  void an_outage_that_does_not_end_is_told_in_time() {
    limit = Duration.ofSeconds(5);
    ObjectVersion version = put("a", bytes(SMALL));
    oss.emulator()
        .faults()
        .add(Fault.on(Operation.GET_OBJECT).gives(Effect.answer(503, "ServiceUnavailable")));
    long start = System.nanoTime();

    assertThatThrownBy(() -> readAll(version)).isInstanceOf(StoreException.Unavailable.class);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void an_endpoint_that_is_away_is_unreachable() {
    limit = Duration.ofSeconds(2);
    ObjectVersion version = put("a", bytes(SMALL));
    oss.emulator().close();

    assertThatThrownBy(() -> readAll(version)).isInstanceOf(StoreException.Unreachable.class);
  }

  @Test
  void an_object_that_was_replaced_or_deleted_is_told() {
    ObjectVersion replaced = put("a", bytes(SMALL));
    ObjectVersion deleted = put("b", bytes(SMALL));
    put("a", bytes(SMALL + 1));
    store.delete("b");

    assertThatThrownBy(() -> readAll(replaced)).isInstanceOf(StoreException.VersionChanged.class);
    assertThatThrownBy(() -> readAll(deleted)).isInstanceOf(StoreException.NotFound.class);
  }

  @Test
  void thirty_two_cold_readers_cost_one_object() throws Exception {
    byte[] bytes = bytes(64 * MIB);
    ObjectVersion version = put("a", bytes);
    oss.emulator().requests().clear();

    together(32, () -> readInChunks(version, bytes));

    assertThat(oss.emulator().requests().bytesOut(Operation.GET_OBJECT)).isEqualTo(64L * MIB);
  }

  private boolean readInChunks(ObjectVersion version, byte[] expected) {
    byte[] chunk = new byte[128 << 10];
    try (CachedObject object = cache.open(version)) {
      for (int at = 0; at < expected.length; at += chunk.length) {
        int read = object.read(at, MemorySegment.ofArray(chunk));
        assertThat(java.util.Arrays.mismatch(chunk, 0, read, expected, at, at + read)).isNegative();
      }
    }
    return true;
  }

  private byte[] readAll(ObjectVersion version) {
    byte[] bytes = new byte[(int) version.size()];
    try (CachedObject object = cache.open(version)) {
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(128 << 10, bytes.length - at);
        at += object.read(at, MemorySegment.ofArray(bytes).asSlice(at, length));
      }
    }
    return bytes;
  }

  private ObjectVersion put(String key, byte[] bytes) {
    oss.put(key, bytes);
    return store.head(key).orElseThrow().version();
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static <T> List<T> together(int count, Callable<T> work) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(java.util.Collections.nCopies(count, work))) {
        results.add(future.get());
      }
      return results;
    }
  }
}
