package io.ossmount.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.Part;
import io.ossmount.cache.store.StoreException.Denied;
import io.ossmount.cache.store.StoreException.Denied.Reason;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RetryingObjectStoreTest {
  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final List<StoreException> reported = new CopyOnWriteArrayList<>();
  private Duration limit = Duration.ofSeconds(10);
  private final RetryingObjectStore store =
      new RetryingObjectStore(memory, () -> limit, reported::add);

  @Test
  void what_may_pass_is_tried_again() {
    memory.with("a", new byte[5]);
    failFirst(3, "head", new StoreException.Unavailable("SlowDown"));

    assertThat(store.head("a")).isPresent();

    assertThat(memory.calls("head")).isEqualTo(4);
    assertThat(reported).isEmpty();
  }

  @Test
  void what_does_not_pass_is_not_tried_again() {
    failFirst(1, "put", new Denied(Reason.WRITE_DENIED, "no"));

    assertThatThrownBy(() -> put("a", 5)).isInstanceOf(Denied.class);

    assertThat(memory.calls("put")).isEqualTo(1);
    assertThat(reported).singleElement().isInstanceOf(Denied.class);
  }

  @Test
  void it_ends_within_the_time_out() {
    limit = Duration.ofSeconds(2);
    failFirst(1_000_000, "list", new StoreException.Unavailable("SlowDown"));
    long start = System.nanoTime();

    assertThatThrownBy(() -> store.list("", true, java.util.Optional.empty(), 10))
        .isInstanceOf(StoreException.Unavailable.class);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
    assertThat(memory.calls("list")).isGreaterThan(1);
  }

  @Test
  void a_call_that_hangs_ends_within_the_time_out() {
    limit = Duration.ofMillis(300);
    memory.before((call, key) -> hang());

    assertThatThrownBy(() -> store.head("a")).isInstanceOf(StoreException.Unreachable.class);
  }

  @Test
  void a_try_whose_time_ends_too_soon_does_not_hide_the_failure_before_it() {
    limit = Duration.ofSeconds(1);
    memory.before((call, key) -> {
      if (memory.calls("head") > 1) {
        hang();
      }
      throw new StoreException.Unavailable("SlowDown");
    });

    assertThatThrownBy(() -> store.head("a")).isInstanceOf(StoreException.Unavailable.class);
    assertThat(memory.calls("head")).isEqualTo(2);
  }

  @Test
  void a_body_that_is_always_of_a_wrong_length_is_given_up_for_good() {
    limit = Duration.ofSeconds(2);
    ObjectVersion version = memory.with("a", new byte[5]);
    failFirst(1_000_000, "get", new StoreException.Corrupted("5 bytes, not 6"));

    assertThatThrownBy(() -> store.get(version, 0, 5))
        .as("who gets Corrupted asks again")
        .isInstanceOf(StoreException.Unavailable.class)
        .hasMessageContaining("5 bytes, not 6");

    assertThat(memory.calls("get")).isGreaterThan(1);
  }

  @Test
  void a_large_body_of_which_nothing_comes_is_given_up_as_soon_as_a_small_one() {
    limit = Duration.ofSeconds(2);
    ObjectVersion version = memory.with("a", new byte[10_000_000]);
    memory.before((call, key) -> {
      if (call.equals("read")) {
        throw new StoreException.Unreachable("reset", new Exception());
      }
    });
    long start = System.nanoTime();

    try (ObjectBody body = store.get(version, 0, 10_000_000)) {
      assertThatThrownBy(() -> body.read(ByteBuffer.allocate(10)))
          .isInstanceOf(StoreException.Unreachable.class);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void a_body_that_broke_is_told_so_also_when_its_time_ends_between_two_pieces() throws Exception {
    limit = Duration.ofSeconds(2);
    ObjectVersion version = memory.with("a", new byte[1000]);
    failFirst(1, "read", new StoreException.Unreachable("reset", new Exception()));

    try (ObjectBody body = store.get(version, 0, 1000)) {
      assertThat(body.read(ByteBuffer.allocate(10))).isEqualTo(10);
      Thread.sleep(Duration.ofSeconds(3));
      assertThatThrownBy(() -> body.read(ByteBuffer.allocate(10)))
          .isInstanceOf(StoreException.Unreachable.class);
    }
  }

  @Test
  void an_interrupted_caller_goes_away_at_once() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    memory.before((call, key) -> {
      begun.countDown();
      hang();
    });
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                store.head("a");
              } catch (StoreException e) {
                seen.set(e);
              }
            });
    begun.await();

    caller.interrupt();
    caller.join(5_000);

    assertThat(seen.get()).isInstanceOf(StoreException.Interrupted.class);
  }

  @Test
  void a_body_that_breaks_goes_on_where_it_was() {
    byte[] bytes = new byte[1_000_000];
    new Random(1).nextBytes(bytes);
    ObjectVersion version = memory.with("a", bytes);
    AtomicInteger pieces = new AtomicInteger();
    memory.before((call, key) -> {
      if (call.equals("read") && pieces.incrementAndGet() % 4 == 0) {
        throw new StoreException.Unreachable("reset", new Exception());
      }
    });

    ByteBuffer read = ByteBuffer.allocate(900_000);
    try (ObjectBody body = store.get(version, 50_000, 900_000)) {
      assertThat(body.length()).isEqualTo(900_000);
      while (body.read(read) >= 0) {
        assertThat(read.position()).isPositive();
      }
    }

    assertThat(read.array()).isEqualTo(java.util.Arrays.copyOfRange(bytes, 50_000, 950_000));
    assertThat(memory.calls("get")).isGreaterThan(2);
    assertThat(memory.sentBytes()).isEqualTo(900_000);
  }

  @Test
  void a_body_never_goes_on_with_another_version() {
    ObjectVersion version = memory.with("a", new byte[1_000_000]);
    AtomicInteger pieces = new AtomicInteger();
    memory.before((call, key) -> {
      if (call.equals("read") && pieces.incrementAndGet() == 3) {
        memory.with("a", new byte[1_000_001]);
        throw new StoreException.Unreachable("reset", new Exception());
      }
    });

    try (ObjectBody body = store.get(version, 0, 1_000_000)) {
      ByteBuffer read = ByteBuffer.allocate(1_000_000);
      assertThatThrownBy(
              () -> {
                while (body.read(read) >= 0) {
                  assertThat(read.position()).isPositive();
                }
              })
          .isInstanceOf(StoreException.VersionChanged.class);
    }
  }

  @Test
  void the_end_of_an_upload_whose_answer_was_lost_is_recognized() {
    String upload = store.startUpload("a", ObjectMetadata.NONE);
    Part part = store.uploadPart("a", upload, 1, content(200_000));
    AtomicInteger tries = new AtomicInteger();
    memory.before((call, key) -> {
      if (call.equals("completeUpload") && tries.incrementAndGet() == 1) {
        memory.before((again, same) -> {});
        memory.completeUpload("a", upload, List.of(part));
        throw new StoreException.Unreachable("the answer is lost", new Exception());
      }
    });

    ObjectInfo info = store.completeUpload("a", upload, List.of(part));

    assertThat(info.size()).isEqualTo(200_000);
    assertThat(info.crc64()).isEqualTo(part.crc64());
  }

  @Test
  void an_upload_that_is_really_gone_is_an_error() {
    String upload = store.startUpload("a", ObjectMetadata.NONE);
    Part part = store.uploadPart("a", upload, 1, content(200_000));
    memory.abortUpload("a", upload);

    assertThatThrownBy(() -> store.completeUpload("a", upload, List.of(part)))
        .isInstanceOf(StoreException.Invalid.class);
  }

  @Test
  void calls_begun_before_a_swap_end_on_the_old_store() throws Exception {
    InMemoryObjectStore other = new InMemoryObjectStore();
    ObjectVersion version = memory.with("a", new byte[100_000]);
    other.with("b", new byte[1]);
    AtomicInteger ended = new AtomicInteger();
    try (SwappableObjectStore swappable =
        new SwappableObjectStore(memory, ended::incrementAndGet)) {
      ObjectBody body = swappable.get(version, 0, 100_000);

      swappable.swap(other, () -> {});

      assertThat(swappable.head("b")).isPresent();
      assertThat(swappable.head("a")).isEmpty();
      Thread.sleep(200);
      assertThat(ended).hasValue(0);
      assertThat(body.read(ByteBuffer.allocate(10))).isPositive();
      body.close();
      org.awaitility.Awaitility.await().until(() -> ended.get() == 1);
    }
  }

  private void failFirst(int times, String which, StoreException failure) {
    AtomicInteger left = new AtomicInteger(times);
    memory.before((call, key) -> {
      if (call.equals(which) && left.getAndDecrement() > 0) {
        throw failure;
      }
    });
  }

  private ObjectInfo put(String key, int size) {
    return store.put(key, content(size), ObjectMetadata.NONE);
  }

  private static Content content(int size) {
    return new Content.OfBuffer(ByteBuffer.allocate(size));
  }

  private static void hang() {
    try {
      Thread.sleep(Duration.ofSeconds(60));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
