package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.Opened;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ListingTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private void with(String... keys) {
    for (String key : keys) {
      store.with(key, key.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void aDirectoryShowsItsObjectsAndDirectories() {
    with("a", "d/x", "d/e/y", "marked/");
    try (Mounted mounted = new Mounted(store)) {
      assertThat(mounted.list("").keySet()).containsExactly("a", "d", "marked");
      assertThat(mounted.list("d").keySet()).containsExactly("e", "x");
      assertThat(mounted.list("marked")).isEmpty();
      assertThat(mounted.stat("d/e").mode()).isEqualTo(Attributes.DIRECTORY | 0755);
      assertThat(mounted.stat("a").mode()).isEqualTo(Attributes.REGULAR | 0644);
    }
  }

  @Test
  void aDirectoryOf100000EntriesCostsOneListPerThousand() {
    for (int i = 0; i < 100_000; i++) {
      store.with("big/%06d".formatted(i), new byte[] {1});
    }
    try (Mounted mounted = new Mounted(store)) {
      mounted.stat("big");
      long before = store.calls("list");
      assertThat(mounted.list("big", 170)).hasSize(100_000);
      assertThat(store.calls("list") - before).isEqualTo(100);
      assertThat(store.calls("head")).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void theFirstEntriesOfALongDirectoryComeBeforeItsLastPage() {
    for (int i = 0; i < 20_000; i++) {
      store.with("big/%06d".formatted(i), new byte[] {1});
    }
    try (Mounted mounted = new Mounted(store)) {
      long node = Mounted.await(mounted.session.lookup(Mounted.CALLER, 1, "big")).node();
      Opened open = Mounted.await(mounted.session.opendir(Mounted.CALLER, node));
      long before = store.calls("list");
      assertThat(entryAfter(mounted, node, open, 2)).isEqualTo("000000");
      assertThat(store.calls("list") - before).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void whatWasReadOfALongDirectoryIsNotKept() {
    for (int i = 0; i < 50_000; i++) {
      store.with("big/%06d".formatted(i), new byte[] {1});
    }
    try (Mounted mounted = new Mounted(store)) {
      DirectoryStream stream = new DirectoryStream(mounted.tree, "big/");
      List<WeakReference<Object>> read = new ArrayList<>();
      for (var lines = stream.lines(0); !lines.isEmpty(); lines = stream.lines(read.size())) {
        lines.forEach(line -> read.add(new WeakReference<>(line)));
      }
      assertThat(read).hasSize(50_000);
      await()
          .untilAsserted(() -> {
            System.gc();
            assertThat(read.stream().filter(line -> line.get() != null).count())
                .isLessThanOrEqualTo(MetadataCache.MAX_LISTING);
          });
      assertThat(stream.lines(49_999)).hasSize(1);
    }
  }

  @Test
  void aStatOfAListedEntryCostsNoRequest() {
    with("d/a", "d/b", "d/c");
    try (Mounted mounted = new Mounted(store)) {
      mounted.list("d");
      long before = store.calls("list") + store.calls("head");
      assertThat(mounted.stat("d/b").size()).isEqualTo(3);
      assertThat(mounted.exists("d/none")).isFalse();
      assertThat(store.calls("list") + store.calls("head")).isEqualTo(before);
    }
  }

  @Test
  void newFilesAreListedBeforeTheyAreUploaded() {
    with("d/b");
    try (Mounted mounted = new Mounted(store);
        Mounted.Open a = mounted.create("d/a");
        Mounted.Open c = mounted.create("d/c")) {
      c.write(0, "12345");
      Map<String, Attributes> all = mounted.list("d");
      assertThat(all.keySet()).containsExactly("a", "b", "c");
      assertThat(attributes(all, "c").size()).isEqualTo(5);
      assertThat(a.stat().size()).isZero();
      assertThat(store.keys()).containsExactly("d/b");
    }
  }

  @Test
  void aFileThatGoesUpAfterOssHasListedItsDirectoryIsInTheListing() {
    try (Mounted mounted = new Mounted(store)) {
      mounted.mkdir("d");
      mounted.symlink("d/link", "../target");
    }
    try (Mounted mounted = new Mounted(store);
        Mounted.Open created = mounted.create("d/new")) {
      created.write(0, "12345");
      store.before((call, key) -> {
        if (call.equals("head") && key.equals("d/link")) {
          store.before((other, name) -> {});
          created.fsync();
        }
      });
      assertThat(mounted.list("d").keySet()).containsExactly("link", "new");
      assertThat(store.keys()).contains("d/new");
    }
  }

  private static Attributes attributes(Map<String, Attributes> listing, String name) {
    return Objects.requireNonNull(listing.get(name));
  }

  @Test
  void aFileRemovedWhileItsDirectoryIsReadIsNotShown() {
    with("d/a", "d/b", "d/c");
    try (Mounted mounted = new Mounted(store)) {
      long node = Mounted.await(mounted.session.lookup(Mounted.CALLER, 1, "d")).node();
      Opened open = Mounted.await(mounted.session.opendir(Mounted.CALLER, node));
      Mounted.Room first = new Mounted.Room(3);
      Mounted.await(mounted.session.readdir(Mounted.CALLER, node, open.handle(), 0, first));
      mounted.unlink("d/b");
      mounted.pass(Duration.ofMinutes(2));
      Mounted.Room rest = new Mounted.Room(9);
      Mounted.await(mounted.session.readdir(Mounted.CALLER, node, open.handle(), first.last, rest));
      assertThat(rest.entries.keySet()).containsExactly("c");
    }
  }

  @Test
  void anOffsetAsksForWhatFollowsAlsoWhenItGoesBack() {
    for (int i = 0; i < 2500; i++) {
      store.with("d/%04d".formatted(i), new byte[0]);
    }
    try (Mounted mounted = new Mounted(store)) {
      long node = Mounted.await(mounted.session.lookup(Mounted.CALLER, 1, "d")).node();
      Opened open = Mounted.await(mounted.session.opendir(Mounted.CALLER, node));
      assertThat(entryAfter(mounted, node, open, 2)).isEqualTo("0000");
      assertThat(entryAfter(mounted, node, open, 2 + 2400)).isEqualTo("2400");
      assertThat(entryAfter(mounted, node, open, 2 + 700)).isEqualTo("0700");
      assertThat(entryAfter(mounted, node, open, 2 + 1500)).isEqualTo("1500");
    }
  }

  private static String entryAfter(Mounted mounted, long node, Opened open, long offset) {
    Mounted.Room one = new Mounted.Room(1);
    Mounted.await(mounted.session.readdir(Mounted.CALLER, node, open.handle(), offset, one));
    return one.entries.keySet().iterator().next();
  }

  @Test
  void anObjectBesideADirectoryHasADocumentedName() {
    with("a", "a-b", "a/x", "b");
    try (Mounted mounted = new Mounted(store)) {
      assertThat(mounted.list("").keySet())
          .containsExactlyInAnyOrder("a", "%ossfile%a", "a-b", "b");
      assertThat(mounted.list("a").keySet()).containsExactly("x");
      assertThat(mounted.text("%ossfile%a")).isEqualTo("a");
      assertThat(mounted.exists("%ossfile%b")).isFalse();
      mounted.unlink("%ossfile%a");
      assertThat(store.keys()).containsExactly("a-b", "a/x", "b");
    }
  }

  @Test
  void anObjectBesideADirectoryOfALaterPageHasItToo() {
    with("d/img", "d/img/x");
    for (int i = 0; i < 1500; i++) {
      store.with("d/img-%04d".formatted(i), new byte[0]);
    }
    try (Mounted mounted = new Mounted(store)) {
      assertThat(mounted.list("d")).hasSize(1502).containsKeys("img", "%ossfile%img");
    }
  }

  @Test
  void keysThatAreNoPathsAreReachable() {
    String name = "n".repeat(300);
    with("d/../x", "d/./y", "d//z", "d/" + name, "d/%oss%", "d/nul\0", name + "/in");
    try (Mounted mounted = new Mounted(store)) {
      String shown = Names.show(name);
      assertThat(mounted.list("d").keySet())
          .containsExactlyInAnyOrder(
              "%oss%%2E%2E", "%oss%%2E", "%oss%", shown, "%oss%%25oss%25", "%oss%nul%00");
      assertThat(mounted.text("d/%oss%%2E%2E/x")).isEqualTo("d/../x");
      assertThat(mounted.text("d/%oss%%2E/y")).isEqualTo("d/./y");
      assertThat(mounted.text("d/%oss%/z")).isEqualTo("d//z");
      assertThat(mounted.text("d/" + shown)).isEqualTo("d/" + name);
      assertThat(mounted.text("d/%oss%%25oss%25")).isEqualTo("d/%oss%");
      assertThat(mounted.text("d/%oss%nul%00")).isEqualTo("d/nul\0");
      assertThat(mounted.list("").keySet()).containsExactlyInAnyOrder("d", shown);
      assertThat(mounted.text(shown + "/in")).isEqualTo(name + "/in");
      assertThat(mounted.exists("d/" + Names.show("n".repeat(299)))).isFalse();
    }
  }

  @Test
  void dotDotIsNoName() {
    with("x", "d/y");
    try (Mounted mounted = new Mounted(store)) {
      assertThat(mounted.exists("d/..")).isFalse();
      assertThat(mounted.exists("d/../x")).isFalse();
    }
  }

  @Test
  void aTooLongNameIsRefused() {
    try (Mounted mounted = new Mounted(store)) {
      assertThatThrownBy(() -> mounted.stat("n".repeat(256)))
          .isInstanceOfSatisfying(
              FuseException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENAMETOOLONG));
      String deep = "";
      for (int i = 0; i < 4; i++) {
        deep += "d".repeat(250);
        mounted.mkdir(deep);
        deep += "/";
      }
      String tooDeep = deep + "f".repeat(30);
      assertThatThrownBy(() -> mounted.create(tooDeep))
          .isInstanceOfSatisfying(
              FuseException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENAMETOOLONG));
    }
  }

  @Test
  void aLinkIsListedAsALinkAlsoByAnotherProcess() {
    try (Mounted mounted = new Mounted(store)) {
      mounted.mkdir("d");
      mounted.symlink("d/link", "../target");
      mounted.write("d/file", "../target");
      assertThat(mounted.readlink("d/link")).isEqualTo("../target");
    }
    long heads = store.calls("head");
    try (Mounted again = new Mounted(store)) {
      Map<String, Attributes> all = again.list("d");
      assertThat(attributes(all, "link").mode() & Attributes.TYPE_MASK)
          .isEqualTo(Attributes.SYMLINK);
      assertThat(attributes(all, "file").mode() & Attributes.TYPE_MASK)
          .isEqualTo(Attributes.REGULAR);
      assertThat(again.readlink("d/link")).isEqualTo("../target");
      assertThat(store.calls("head") - heads).as("d, d/ and the link").isEqualTo(3);
    }
  }

  @Test
  void inodeNumbersAreThoseOfThePathInEveryProcess() {
    with("d/a", "d/b");
    long first;
    try (Mounted mounted = new Mounted(store)) {
      first = mounted.stat("d/a").inode();
      assertThat(attributes(mounted.list("d"), "a").inode()).isEqualTo(first);
      assertThat(mounted.stat("d/b").inode()).isNotEqualTo(first);
      mounted.write("d/a", "other");
      assertThat(mounted.stat("d/a").inode()).isEqualTo(first);
    }
    try (Mounted again = new Mounted(store)) {
      assertThat(again.stat("d/a").inode()).isEqualTo(first);
    }
  }

  @Test
  void nothingIsKeptOfNodesThatTheKernelForgot() {
    with("d/a", "d/b");
    try (Mounted mounted = new Mounted(store)) {
      long node = Mounted.await(mounted.session.lookup(Mounted.CALLER, 1, "d")).node();
      mounted.session.forget(node, 1);
      assertThatThrownBy(() ->
              Mounted.await(mounted.session.getattr(Mounted.CALLER, node, FileSystem.NO_HANDLE)))
          .isInstanceOfSatisfying(
              FuseException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
      mounted.list("d");
      mounted.text("d/a");
      assertThat(mounted.tree.at("")).hasSize(1);
    }
  }
}
