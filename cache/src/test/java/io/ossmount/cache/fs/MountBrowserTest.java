package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ossmount.cache.control.Directories;
import io.ossmount.cache.control.Directories.Counted;
import io.ossmount.cache.control.Directories.Entry;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MountBrowserTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @Test
  void filesAndDirectoriesTellWhatIsCachedOfThem() {
    store.with("d/a", new byte[10]);
    store.with("d/b", new byte[30]);
    store.with("f", new byte[7]);
    try (Mounted mounted = new Mounted(store)) {
      assertThat(mounted.read("d/b")).hasSize(30);

      List<Entry> entries = list(mounted, "").entries();

      assertThat(entries).extracting(Entry::name).containsExactly("d", "f");
      assertThat(entries.getFirst().isDirectory()).isTrue();
      assertThat(entries.getFirst().sizeBytes()).isEqualTo(40);
      assertThat(entries.getFirst().cachedBytes()).isEqualTo(30);
      assertThat(entries.getFirst().counted()).isEqualTo(Counted.WHOLE);
      assertThat(entries.getLast().cachedBytes()).isZero();
      assertThat(entries.getLast().modified()).isPresent();
      assertThat(list(mounted, "d").entries())
          .extracting(Entry::cachedBytes)
          .containsExactly(0L, 30L);
    }
  }

  @Test
  void aDirectoryComesInPagesWithoutGapsOrRepetitions() {
    IntStream.range(0, 2_500).forEach(i -> store.with("d/%05d".formatted(i), new byte[1]));
    try (Mounted mounted = new Mounted(store)) {
      List<String> names = new ArrayList<>();
      Directories browser = mounted.tree.directories();
      String token = "";
      do {
        Directories.Page page = browser.list("d", token, 400).orElseThrow();
        page.entries().forEach(entry -> names.add(entry.name()));
        token = page.nextPageToken();
      } while (!token.isEmpty());
      assertThat(names).isEqualTo(IntStream.range(0, 2_500).mapToObj("%05d"::formatted).toList());
    }
  }

  @Test
  void whatIsManyIsCountedInPart() {
    IntStream.range(0, 1_001).forEach(i -> store.with("d/%05d".formatted(i), new byte[2]));
    try (Mounted mounted = new Mounted(store)) {
      Entry entry = list(mounted, "").entries().getFirst();
      assertThat(entry.counted()).isEqualTo(Counted.AT_LEAST);
      assertThat(entry.sizeBytes()).isEqualTo(2_000);
    }
  }

  @Test
  void thoseAfterTheFirstDirectoriesAreNotCounted() {
    IntStream.range(0, 70).forEach(i -> store.with("%03d/f".formatted(i), new byte[2]));
    try (Mounted mounted = new Mounted(store)) {
      List<Entry> entries = list(mounted, "").entries();
      assertThat(entries).hasSize(70);
      assertThat(entries.subList(0, 64)).allMatch(entry -> entry.counted() == Counted.WHOLE);
      assertThat(entries.subList(64, 70)).allMatch(entry -> entry.counted() == Counted.NOT);
    }
  }

  @Test
  void whatIsOnlyHereIsShownAsSuch() {
    try (Mounted mounted = new Mounted(store)) {
      try (Mounted.Open file = mounted.create("new").write(0, "12345")) {
        assertThat(file).isNotNull();
        Entry entry = list(mounted, "").entries().getFirst();
        assertThat(entry.name()).isEqualTo("new");
        assertThat(entry.isPending()).isTrue();
        assertThat(entry.sizeBytes()).isEqualTo(5);
      }
      assertThat(list(mounted, "").entries().getFirst().isPending()).isFalse();
    }
  }

  @Test
  void namesAreThoseOfTheMount() {
    store.with("a", new byte[1]);
    store.with("a/b", new byte[1]);
    store.with("a//c", new byte[1]);
    try (Mounted mounted = new Mounted(store)) {
      List<String> names = list(mounted, "").entries().stream().map(Entry::name).toList();
      assertThat(names).containsExactly("%ossfile%a", "a");
      List<Entry> inside = list(mounted, "a").entries();
      assertThat(inside).extracting(Entry::name).containsExactlyInAnyOrder("%oss%", "b");
      assertThat(list(mounted, "a/%oss%").entries()).extracting(Entry::name).containsExactly("c");
    }
  }

  @Test
  void whatIsNoDirectoryIsNotThere() {
    store.with("f", new byte[1]);
    try (Mounted mounted = new Mounted(store)) {
      Directories browser = mounted.tree.directories();
      for (String path : List.of("f", "none", "..", "a//b", "none/deeper")) {
        assertThat(browser.list(path, "", 10)).isEmpty();
      }
      assertThatIllegalArgumentException().isThrownBy(() -> browser.list("", "forged", 10));
      assertThatIllegalArgumentException().isThrownBy(() -> browser.list("", "1\n5\n\n", 10));
    }
  }

  private static Directories.Page list(Mounted mounted, String path) {
    return mounted.tree.directories().list(path, "", 500).orElseThrow();
  }
}
