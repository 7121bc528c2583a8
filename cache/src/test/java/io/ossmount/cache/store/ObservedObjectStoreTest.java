package io.ossmount.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.StoreObserver.Operation;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ObservedObjectStoreTest extends ObjectStoreContract implements StoreObserver {
  private final InMemoryObjectStore memory = new InMemoryObjectStore();
  private final ObjectStore store = new ObservedObjectStore(memory, this);
  private final List<String> ended = new ArrayList<>();
  private long received;
  private long sent;

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  public synchronized void ended(
      Operation operation, Optional<RuntimeException> failure, long nanos) {
    assertThat(nanos).isNotNegative();
    ended.add(operation + failure.map(e -> " " + e.getClass().getSimpleName()).orElse(""));
  }

  @Override
  public void received(long bytes) {
    received += bytes;
  }

  @Override
  public synchronized void sent(long bytes) {
    sent += bytes;
  }

  @Test
  void a_get_is_told_when_its_answer_begins_and_when_its_last_byte_was_taken() {
    ObjectVersion version = put(1000);

    try (ObjectBody body = store.get(version, 0, 1000)) {
      assertThat(ended).containsExactly("PUT", "GET");
      ByteBuffer into = ByteBuffer.allocate(1000);
      while (into.hasRemaining()) {
        assertThat(body.read(into)).isPositive();
      }
      assertThat(ended).containsExactly("PUT", "GET", "GET_BODY");
    }

    assertThat(ended).hasSize(3);
    assertThat(sent).isEqualTo(1000);
    assertThat(received).isEqualTo(1000);
  }

  @Test
  void a_body_that_is_given_up_ends_when_it_is_closed() {
    try (ObjectBody body = store.get(put(1000), 0, 1000)) {
      assertThat(body.read(ByteBuffer.allocate(10))).isEqualTo(10);
    }

    assertThat(ended).containsExactly("PUT", "GET", "GET_BODY");
    assertThat(received).isEqualTo(10);
  }

  @Test
  void a_failure_is_told_and_passed_on() {
    assertThatThrownBy(() -> store.get(new ObjectVersion("none", "E", 1), 0, 1))
        .isInstanceOf(StoreException.NotFound.class);

    assertThat(ended).containsExactly("GET NotFound");
    assertThat(received).isZero();
  }

  @Test
  void a_request_that_is_repeated_is_told_each_time() {
    AtomicBoolean failed = new AtomicBoolean();
    memory.before((call, key) -> {
      if (failed.compareAndSet(false, true)) {
        throw new StoreException.Unavailable("busy");
      }
    });
    var retrying = new RetryingObjectStore(store, () -> Duration.ofSeconds(10), failure -> {});

    assertThat(retrying.head("none")).isEmpty();

    assertThat(ended).containsExactly("HEAD Unavailable", "HEAD");
  }

  private ObjectVersion put(int size) {
    var content = new Content.OfBuffer(ByteBuffer.allocate(size));
    return store.put("key", content, ObjectMetadata.NONE).version();
  }
}
