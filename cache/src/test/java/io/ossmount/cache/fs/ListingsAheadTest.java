package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.FuseException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ListingsAheadTest {
  private static final int DIRECTORIES = 60;

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final Queue<String> listed = new ConcurrentLinkedQueue<>();
  private final CountDownLatch answers = new CountDownLatch(1);

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
  @Timeout(60)
  void severalAreListedAtATime() throws Exception {
    directories("d", DIRECTORIES);
    AtomicInteger atOnce = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    store.before((call, prefix) -> {
      if (call.equals("list") && prefix.compareTo("d/02/") > 0) {
        atOnce.incrementAndGet();
        both.countDown();
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

  /**
   * From now on OSS does not answer those who list ahead; the rooms for them are taken, and that of
   * d/14/ waits for its turn.
   */
  private void silentAhead(Mounted mounted) {
    store.before((call, prefix) -> {
      if (call.equals("list")) {
        listed.add(prefix);
        if (Thread.currentThread().getName().startsWith("list-ahead-")) {
          try {
            answers.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }
      }
    });
    mounted.list("d");
    read(mounted, 0, 3);
    await().atMost(Duration.ofSeconds(10)).until(() -> listed.contains("d/10/"));
    // Elsewhere, three in a row: the next ones are expected.
    read(mounted, 11, 14);
  }

  private static void read(Mounted mounted, int from, int to) {
    for (int i = from; i < to; i++) {
      mounted.list("d/%02d".formatted(i));
    }
  }

  @Test
  @Timeout(60)
  void whoReadsDoesNotWaitForAListingAheadThatWaitsItself() throws Exception {
    directories("d", DIRECTORIES);
    try (Mounted mounted = new Mounted(store)) {
      silentAhead(mounted);

      list(mounted, 14, 15);

      assertThat(listed).doesNotContain("d/15/");
      answers.countDown();
      await().atMost(Duration.ofSeconds(10)).until(() -> mounted.tree.metadata().isListed("d/15/"));
      assertThat(listed).containsOnlyOnce("d/14/");
    }
  }

  @Test
  @Timeout(60)
  void ofADirectoryThatItsReaderWasFirstToListTheFirstOnesAreListedToo() throws Exception {
    for (int i = 0; i < 20; i++) {
      directories("d/%02d".formatted(i), 6);
    }
    try (Mounted mounted = new Mounted(store)) {
      silentAhead(mounted);
      read(mounted, 14, 15);
      answers.countDown();

      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> mounted.tree.metadata().isListed("d/14/00/"));
    }
  }

  @Test
  @Timeout(60)
  void aReaderThatWasFirstToListAndFailsTriesOnce() throws Exception {
    directories("d", DIRECTORIES);
    try (Mounted mounted = new Mounted(store)) {
      silentAhead(mounted);
      AtomicInteger failures = new AtomicInteger();
      store.before((call, prefix) -> {
        if (call.equals("list") && prefix.equals("d/14/")) {
          failures.incrementAndGet();
          throw new StoreException.Invalid("not now");
        }
      });

      assertThatThrownBy(() -> mounted.list("d/14")).isInstanceOf(FuseException.class);
      assertThat(failures).hasValue(1);
      store.before((call, prefix) -> {});
      list(mounted, 14, 15);
      answers.countDown();
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

      assertThatThrownBy(() -> mounted.tree.listings().read("d/04/", List::of))
          .isInstanceOf(StoreException.Interrupted.class);
      assertThat(Thread.interrupted()).isTrue();
      goOn.countDown();
    }
  }
}
