package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FilesAheadTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private void files(int count, int bytes) {
    for (int i = 0; i < count; i++) {
      store.with(name(i), new byte[bytes]);
    }
  }

  private static String name(int number) {
    return "d/%04d".formatted(number);
  }

  private static void read(Mounted mounted, int from, int to) {
    for (int i = from; i < to; i++) {
      mounted.read(name(i));
    }
  }

  private void awaitFetched(int atLeast) {
    await().atMost(Duration.ofSeconds(10)).until(() -> store.calls("get") >= atLeast);
  }

  /** What is to be fetched ahead is in the budget when an open has been answered. */
  private long fetchedInTheEnd(Mounted mounted) {
    await().until(() -> mounted.blocks.ahead().takenBytes() == 0);
    return store.calls("get");
  }

  @Test
  void whoReadsInTheOrderOfTheListingHasTheNextFilesFetchedMoreAndMore() {
    files(400, 10);
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      read(mounted, 0, 3);
      awaitFetched(5);
      assertThat(fetchedInTheEnd(mounted)).isLessThan(20);
      read(mounted, 3, 40);
      awaitFetched(100);
      assertThat(fetchedInTheEnd(mounted)).isLessThan(40 + 200);
      read(mounted, 40, 400);
      assertThat(fetchedInTheEnd(mounted)).isEqualTo(400);
    }
  }

  @Test
  void severalReadersThatShareTheOrderAreOneSequence() {
    files(200, 10);
    List<Integer> order = IntStream.range(0, 100).boxed().collect(Collectors.toList());
    for (int i = 0; i < 100; i += 4) {
      Collections.shuffle(order.subList(i, i + 4), new Random(i));
    }
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      order.forEach(i -> mounted.read(name(i)));
      awaitFetched(110);
    }
  }

  @Test
  void aFileThatWasNotExpectedStopsIt() {
    files(2000, 300_000);
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      read(mounted, 0, 3);
      awaitFetched(5);
      long before = fetchedInTheEnd(mounted);
      Random random = new Random(1);
      for (int i = 0; i < 20; i++) {
        mounted.read(name(500 + random.nextInt(1400)));
      }
      assertThat(fetchedInTheEnd(mounted)).isLessThanOrEqualTo(before + 20);
    }
  }

  @Test
  void aSmallDirectoryThatIsReadInAnyOrderIsFetchedWhole() {
    files(300, 10);
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      for (int i = 0; i < 8; i++) {
        mounted.read(name((i * 37 + 100) % 300));
      }
      awaitFetched(300);
    }
  }

  @Test
  void nothingIsFetchedAheadOfWhoHasNotListed() {
    files(100, 10);
    try (Mounted mounted = new Mounted(store)) {
      mounted.read(name(0));
      mounted.read(name(1));
      assertThat(fetchedInTheEnd(mounted)).isEqualTo(2);
    }
  }

  @Test
  void largeFilesAreLeftToThoseWhoReadThem() {
    files(20, (int) FilesAhead.MOST_FILE_BYTES + 1);
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      read(mounted, 0, 6);
      assertThat(fetchedInTheEnd(mounted)).isEqualTo(6);
    }
  }
}
