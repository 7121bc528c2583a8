package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MetadataTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @Test
  void whatAnotherChangedIsSeenAfterTheAttributeTimeout() {
    store.with("f", new byte[3]);
    try (Mounted mounted = new Mounted(store)) {
      assertThat(mounted.stat("f").size()).isEqualTo(3);
      store.with("f", new byte[5]);
      assertThat(mounted.stat("f").size()).isEqualTo(3);
      mounted.pass(Duration.ofSeconds(60));
      assertThat(mounted.stat("f").size()).isEqualTo(5);
    }
  }

  @Test
  void whatAnotherMadeIsSeenAfterTheNegativeTimeout() {
    store.with("d/x", new byte[1]);
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      assertThat(mounted.exists("d/new")).isFalse();
      store.with("d/new", new byte[1]);
      assertThat(mounted.exists("d/new")).isFalse();
      mounted.pass(Duration.ofSeconds(5));
      assertThat(mounted.exists("d/new")).isTrue();
    }
  }

  @Test
  void whatAnotherMadeIsListedAfterTheListTimeout() {
    store.with("d/x", new byte[1]);
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      store.with("d/new", new byte[1]);
      assertThat(mounted.list("d")).hasSize(1);
      mounted.pass(Duration.ofSeconds(60));
      assertThat(mounted.list("d")).hasSize(2);
    }
  }

  @Test
  void whatIsChangedHereIsSeenAtOnceInAllSessions() {
    try (Mounted one = new Mounted(store);
        Mounted other = one.session(SessionView.WHOLE)) {
      one.mkdir("d");
      assertThat(other.list("d")).isEmpty();
      assertThat(other.exists("d/f")).isFalse();
      one.write("d/f", "hello");
      assertThat(other.text("d/f")).isEqualTo("hello");
      assertThat(other.list("d").keySet()).containsExactly("f");
      one.rename("d/f", "d/g");
      assertThat(other.exists("d/f")).isFalse();
      assertThat(other.text("d/g")).isEqualTo("hello");
      one.unlink("d/g");
      assertThat(other.exists("d/g")).isFalse();
      assertThat(other.list("d")).isEmpty();
    }
  }

  @Test
  void anAnswerFromBeforeALocalChangeDoesNotUndoIt() {
    store.with("d/old", new byte[1]);
    try (Mounted mounted = new Mounted(store)) {
      mounted.stat("d");
      MetadataCache cache = mounted.tree.metadata();
      long question = cache.asking();
      var page = store.list("d/", true, java.util.Optional.empty(), 1000);
      mounted.unlink("d/old");
      var children =
          new java.util.TreeMap<String, java.util.Optional<io.ossmount.cache.store.ObjectInfo>>(
              Keys.ORDER);
      page.objects().forEach(object -> children.put(object.key(), java.util.Optional.of(object)));
      cache.correct(question, "d/", "", java.util.Optional.empty(), children);
      cache.answered(question);
      assertThat(children).isEmpty();
    }
  }

  @Test
  void aNameOfAnUnknownDirectoryCostsAHeadAndAList() {
    store.with("d/f", new byte[3]);
    try (Mounted mounted = new Mounted(store)) {
      mounted.stat("d");
      long lists = store.calls("list");
      long heads = store.calls("head");
      mounted.stat("d/f");
      assertThat(store.calls("list") - lists).isEqualTo(1);
      assertThat(store.calls("head") - heads).isEqualTo(1);
      mounted.stat("d/f");
      assertThat(store.calls("head") - heads).isEqualTo(1);
    }
  }

  @Test
  void manyNamesOfADirectoryCostOneList() {
    for (int i = 0; i < 500; i++) {
      store.with("d/" + i, new byte[3]);
    }
    try (Mounted mounted = new Mounted(store)) {
      for (int i = 0; i < 500; i++) {
        mounted.stat("d/" + i);
      }
      assertThat(store.calls("list") + store.calls("head")).isLessThan(12);
    }
  }

  @Test
  void filesMadeInANewDirectoryCostOnePutEach() {
    try (Mounted mounted = new Mounted(store)) {
      mounted.mkdir("d");
      long lists = store.calls("list");
      long heads = store.calls("head");
      for (int i = 0; i < 100; i++) {
        mounted.write("d/" + i, "x");
      }
      assertThat(store.calls("list") - lists).isLessThanOrEqualTo(1);
      assertThat(store.calls("head") - heads).isLessThanOrEqualTo(1);
      assertThat(store.calls("put")).isEqualTo(101);
    }
  }
}
