package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class FetchTest {
  private static final int COUNT = 4;
  private static final int MIB = 1 << 20;
  private static final long ENOUGH_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ObjectVersion version = store.with("a", random());
  private final ByteBuffer room = ByteBuffer.allocate(COUNT * MIB);
  private final Fetch fetch =
      new Fetch(version, 1, COUNT, new Landing.InMemory(room, Blocks.start(1)));

  private static byte[] random() {
    byte[] bytes = new byte[6 * MIB];
    new Random(3).nextBytes(bytes);
    return bytes;
  }

  private void run() throws IOException {
    var _ = fetch.run(store, ByteBuffer.allocate(128 << 10), () -> true, bytes -> {});
  }

  private void leaveAfter(int blocks) {
    store.before((call, key) -> {
      if (call.equals("read") && fetch.hasLanded(Blocks.start(1 + blocks))) {
        fetch.leave();
      }
    });
  }

  @Test
  void bringsItsBlocks() throws Exception {
    run();

    assertThat(fetch.isComplete()).isTrue();
    assertThat(room).isEqualTo(ByteBuffer.wrap(random(), MIB, COUNT * MIB));
  }

  @Test
  void oneThatNobodyWantsAnyMoreDoesNotBegin() throws Exception {
    fetch.leave();
    run();

    assertThat(store.calls("get")).isZero();
    assertThat(fetch.await(Blocks.start(2))).isFalse();
  }

  @Test
  void oneThatNobodyWantsAnyMoreEndsWithTheBlockThatComes() throws Exception {
    leaveAfter(1);
    run();

    assertThat(fetch.hasLanded(Blocks.start(3))).isTrue();
    assertThat(fetch.hasFailed()).isTrue();
    assertThat(store.sentBytes()).isEqualTo(2L * MIB);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void oneThatSomebodyWaitsForGoesOn() throws Exception {
    leaveAfter(1);
    Thread waiting = Thread.ofVirtual().start(() -> fetch.await(Blocks.start(1 + COUNT)));
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    run();
    waiting.join();

    assertThat(fetch.isComplete()).isTrue();
  }

  /**
   * The next bytes do not come before whoever waits has those before. He begins to wait, each time
   * at another instant, about when they land.
   */
  @Test
  @Timeout(60)
  void whoWaitsIsNotLeftToTheBytesAfterThoseThatHeWaitsFor() throws Exception {
    int chunk = 16;
    long start = System.nanoTime();
    long begin = Blocks.start(1);
    AtomicLong taken = new AtomicLong(begin);
    AtomicLong landed = new AtomicLong(begin);
    store.before((call, key) -> {
      // On a busy machine each hand-over takes long: as many as there is time for.
      if (call.equals("read") && System.nanoTime() - start < ENOUGH_NANOS) {
        awaitTaken(taken, landed.getAndAdd(chunk));
      }
    });
    Thread waiting =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              Random instants = new Random(7);
              for (long at = begin + chunk; at <= Blocks.start(2); at += chunk) {
                for (int spins = instants.nextInt(100); spins > 0; spins--) {
                  Thread.onSpinWait();
                }
                fetch.await(at);
                taken.set(at);
              }
            });

    var _ =
        fetch.run(
            store,
            ByteBuffer.allocate(chunk),
            () -> !fetch.hasLanded(Blocks.start(2)),
            bytes -> {});

    waiting.join();
    assertThat(taken).hasValue(Blocks.start(2));
    assertThat(fetch.hasLanded(Blocks.start(2))).isTrue();
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing but its pace depends on it
  private static void awaitTaken(AtomicLong taken, long position) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (taken.get() < Math.min(position, Blocks.start(2))) {
      if (System.nanoTime() > deadline) {
        throw new StoreException.Invalid("nobody was woken for the bytes before " + position);
      }
      // He may need this processor.
      Thread.yield();
    }
  }
}
