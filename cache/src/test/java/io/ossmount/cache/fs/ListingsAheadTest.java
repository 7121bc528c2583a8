package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ListingsAheadTest {
  private static final int DIRECTORIES = 60;

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private void directories(String parent, int count) {
    for (int i = 0; i < count; i++) {
      store.with(parent + "/%02d/file".formatted(i), new byte[] {1});
    }
  }

  private static void list(Mounted mounted, int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(mounted.list("d/%02d".formatted(i))).containsOnlyKeys("file");
    }
  }

  private void awaitLists(long count) {
    await().atMost(Duration.ofSeconds(10)).until(() -> store.calls("list") >= count);
  }

  @Test
  void whoReadsDirectoriesInOrderHasTheNextOnesListedAndEachOnce() throws Exception {
    directories("d", DIRECTORIES);
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      long before = store.calls("list");
      list(mounted, 0, 3);
      awaitLists(before + 3 + 4);
      list(mounted, 3, DIRECTORIES);
      assertThat(store.calls("list")).isEqualTo(before + DIRECTORIES);
    }
  }

  @Test
  void severalAreListedAtATime() throws Exception {
    directories("d", DIRECTORIES);
    AtomicInteger atOnce = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    store.before((call, prefix) -> {
      if (call.equals("list") && prefix.compareTo("d/02/") > 0) {
        both.countDown();
        atOnce.incrementAndGet();
      }
    });
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      list(mounted, 0, 3);
      both.await();
    }
    assertThat(atOnce.get()).isGreaterThan(1);
  }

  @Test
  void ofADirectoryThatWasExpectedTheFirstOnesAreListedToo() throws Exception {
    for (int i = 0; i < 10; i++) {
      directories("d/%02d".formatted(i), 6);
    }
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      for (int i = 0; i < 4; i++) {
        mounted.list("d/%02d".formatted(i));
      }
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> mounted.tree.metadata().isListed("d/03/00/"));
    }
  }

  @Test
  void whoReadsInNoOrderIsNotHelped() throws Exception {
    directories("d", DIRECTORIES);
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      long before = store.calls("list");
      for (int i : new int[] {50, 7, 31, 2, 44}) {
        list(mounted, i, i + 1);
      }
      assertThat(store.calls("list")).isEqualTo(before + 5);
    }
  }

  @Test
  void aListingAheadThatFailsIsTriedAgainByWhoNeedsIt() throws Exception {
    directories("d", DIRECTORIES);
    AtomicInteger failures = new AtomicInteger();
    store.before((call, prefix) -> {
      if (call.equals("list") && prefix.equals("d/05/") && failures.getAndIncrement() == 0) {
        throw new StoreException.Invalid("once");
      }
    });
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      list(mounted, 0, 4);
      await().atMost(Duration.ofSeconds(10)).until(() -> failures.get() > 0);
      list(mounted, 4, 10);
    }
  }

  @Test
  void whoWaitsForAListingAheadCanBeInterrupted() throws Exception {
    directories("d", DIRECTORIES);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    store.before((call, prefix) -> {
      if (call.equals("list") && prefix.equals("d/04/")) {
        begun.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    });
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      list(mounted, 0, 3);
      begun.await();
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> mounted.tree.listings().await("d/04/"))
          .isInstanceOf(StoreException.Interrupted.class);
      assertThat(Thread.interrupted()).isTrue();
      goOn.countDown();
    }
  }
}
