package io.ossmount.cache.selftest;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStore.ListPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the store has to keep to for a mount to be right: keys and listings. */
final class ListingChecks {
  private static final int KEYS = 25;
  private static final int KEYS_OF_A_PAGE = 10;
  private static final List<String> SPECIAL =
      List.of("a b+c", "100%", "\u4e2d\u6587", "q?x=1&y#z", "'quoted\"", "tab\tin");

  private final Subject subject;
  private final ObjectStore store;

  ListingChecks(Subject subject) {
    this.subject = subject;
    this.store = subject.store();
  }

  List<Check> all() {
    return List.of(
        Check.writing("Store/ListWithDelimiter", this::listWithDelimiter),
        Check.writing("Store/ListPages", this::listPages),
        Check.writing("Store/SpecialCharacters", this::specialCharacters),
        Check.writing("Store/DeleteMany", this::deleteMany));
  }

  private void listWithDelimiter() throws Exception {
    String prefix = prefix("delimiter");
    for (String name : List.of("a", "b/1", "b/2", "c")) {
      var _ = StoredObjects.put(store, prefix + name, new byte[] {1});
    }
    ListPage page = StoredObjects.list(store, prefix);
    Check.that(
        keys(page).equals(List.of(prefix + "a", prefix + "c")),
        "the listing has the objects %s",
        keys(page));
    Check.that(
        page.directories().equals(List.of(prefix + "b/")),
        "the listing has the directories %s",
        page.directories());
  }

  private void listPages() throws Exception {
    String prefix = prefix("pages");
    List<String> keys = fill(prefix);
    List<String> listed = new ArrayList<>();
    Optional<String> next = Optional.empty();
    int pages = 0;
    do {
      ListPage page = store.list(prefix, false, next, KEYS_OF_A_PAGE);
      listed.addAll(keys(page));
      next = page.continuation();
      pages++;
    } while (next.isPresent() && pages <= KEYS);
    Check.that(listed.equals(keys), "%d keys are listed in %d pages as %s", KEYS, pages, listed);
  }

  private void specialCharacters() throws Exception {
    String prefix = prefix("special");
    for (String name : SPECIAL) {
      byte[] bytes = RandomBytes.of(name.hashCode(), 100);
      var version = StoredObjects.put(store, prefix + name, bytes);
      Check.that(
          Arrays.equals(StoredObjects.get(store, version, 0, 100), bytes),
          "the object %s has other bytes",
          prefix + name);
    }
    List<String> listed = keys(StoredObjects.list(store, prefix)).stream().sorted().toList();
    List<String> wanted = SPECIAL.stream().map(prefix::concat).sorted().toList();
    Check.that(listed.equals(wanted), "the listing has %s", listed);
  }

  private void deleteMany() throws Exception {
    String prefix = prefix("delete");
    store.deleteAll(fill(prefix));
    ListPage left = StoredObjects.list(store, prefix);
    Check.that(left.objects().isEmpty(), "after their deletion there still are %s", keys(left));
  }

  private List<String> fill(String prefix) {
    List<String> keys =
        IntStream.range(0, KEYS)
            .mapToObj(i -> prefix + String.format(Locale.ROOT, "%03d", i))
            .toList();
    keys.forEach(key -> StoredObjects.put(store, key, new byte[] {1}));
    return keys;
  }

  private static List<String> keys(ListPage page) {
    return page.objects().stream().map(ObjectInfo::key).toList();
  }

  private String prefix(String name) {
    return subject.scratchPrefix() + "list/" + name + "/";
  }
}
