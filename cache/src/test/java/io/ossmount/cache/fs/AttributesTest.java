package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.Overwrite;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.SetAttributes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class AttributesTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private void with(String key, Map<String, String> user) {
    var content = new Content.OfBuffer(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    store.put(key, content, new ObjectMetadata(Optional.empty(), user));
  }

  private Map<String, String> user(String key) {
    return store.head(key).orElseThrow().user().orElseThrow();
  }

  private static SetAttributes owner(int uid, int gid) {
    return new SetAttributes(
        FileSystem.NO_HANDLE,
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalInt.of(uid),
        OptionalInt.of(gid),
        Optional.empty(),
        Optional.empty());
  }

  private static SetAttributes modified(Instant time) {
    return new SetAttributes(
        FileSystem.NO_HANDLE,
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.of(time),
        Optional.of(time));
  }

  @Test
  void whatOssfsSaidOfAFileIsShown() {
    with("f", Map.of("mode", "33261", "uid", "7", "gid", "8", "mtime", "1700000000"));
    try (Mounted mounted = new Mounted(store)) {
      Attributes shown = mounted.stat("f");
      assertThat(shown.mode()).isEqualTo(Attributes.REGULAR | 0755);
      assertThat(shown.uid()).isEqualTo(7);
      assertThat(shown.gid()).isEqualTo(8);
      assertThat(shown.modified()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    }
  }

  @Test
  void aLinkOfOssfsIsALinkWhenItsNameIsLookedUp() {
    with("link", Map.of("mode", "41471"));
    try (Mounted mounted = new Mounted(store)) {
      assertThat(mounted.stat("link").mode()).isEqualTo(Attributes.SYMLINK | 0777);
      assertThat(mounted.readlink("link")).hasSize(3);
    }
  }

  @Test
  void whatIsKnownOfAFileIsShownInListingsToo() {
    with("d/f", Map.of("mode", "33261"));
    try (Mounted mounted = new Mounted(store)) {
      assertThat(mounted.list("d")).hasSize(1);
      assertThat(mounted.stat("d/f").mode()).as("not asked").isEqualTo(Attributes.REGULAR | 0644);
      try (Mounted.Open file = mounted.open("d/f", OpenFlags.READ_WRITE)) {
        assertThat(file.stat().mode()).isEqualTo(Attributes.REGULAR | 0755);
      }
      assertThat(mounted.list("d").values())
          .allMatch(attributes -> attributes.mode() == (Attributes.REGULAR | 0755));
    }
  }

  @Test
  void aWriterKeepsWhatTheObjectSays() {
    with("f", Map.of("mode", "33261", "uid", "7", "team", "vision"));
    try (Mounted mounted = new Mounted(store)) {
      mounted.write("f", "other");
      assertThat(user("f"))
          .containsEntry("mode", "33261")
          .containsEntry("uid", "7")
          .containsEntry("team", "vision")
          .containsKey("mtime");
    }
  }

  @Test
  void whoMakesAFileOwnsIt() {
    try (Mounted mounted = new Mounted(store)) {
      mounted.create("f", OpenFlags.READ_WRITE, 0600).close();
      Attributes shown = mounted.stat("f");
      assertThat(shown.mode()).isEqualTo(Attributes.REGULAR | 0600);
      assertThat(shown.uid()).isEqualTo(1000);
    }
    assertThat(user("f")).containsEntry("mode", "33152").containsEntry("uid", "1000");
  }

  @Test
  void whatIsSetBeforeCloseGoesUpWithTheBytes() {
    Instant time = Instant.ofEpochSecond(1_000_000_000, 5);
    try (Mounted mounted = new Mounted(store)) {
      try (Mounted.Open file = mounted.create("f").write(0, "x")) {
        mounted.chmod("f", 0711);
        mounted.setattr("f", owner(5, 6));
        mounted.setattr("f", modified(time));
        assertThat(file.stat().modified()).isEqualTo(time);
      }
      assertThat(store.calls("put")).isEqualTo(1);
      assertThat(user("f"))
          .containsEntry("mode", "33225")
          .containsEntry("uid", "5")
          .containsEntry("gid", "6")
          .containsEntry("mtime", "1000000000.000000005");
      assertThat(mounted.stat("f").modified()).isEqualTo(time);
    }
    assertThat(store.calls("copy")).isZero();
  }

  @Test
  void whatIsSetAfterCloseIsSavedAtOnce() {
    try (Mounted mounted = new Mounted(store)) {
      mounted.write("f", "x");
      Instant modified = mounted.stat("f").modified();
      mounted.chmod("f", 0711);
      mounted.setattr("f", owner(5, 6));
      assertThat(mounted.stat("f").mode()).isEqualTo(Attributes.REGULAR | 0711);
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(user("f")).containsEntry("mode", "33225"));
      assertThat(user("f")).containsEntry("uid", "5");
      assertThat(store.calls("copy")).as("one for both changes").isEqualTo(1);
      assertThat(mounted.stat("f").modified()).isEqualTo(modified);
    }
  }

  /** As OSS does it in parts, and the answer to the last request does not come. */
  private void copyInParts(String key, Posix posix) {
    byte[] bytes = store.bytes(key).orElseThrow();
    String id = store.startUpload(key, new ObjectMetadata(Optional.empty(), posix.toUser()));
    var part = store.uploadPart(key, id, 1, new Content.OfBuffer(ByteBuffer.wrap(bytes)));
    store.completeUpload(key, id, List.of(part), Overwrite.ALLOWED);
  }

  @Test
  void aLargeFileIsReadOnWhenItsAttributesWereSavedAndNobodyWasTold() {
    with("f", Map.of());
    Instant modified = store.head("f").orElseThrow().modified();
    Posix wanted =
        Posix.NOTHING.withMode(Attributes.REGULAR | 0600).withModified(Optional.of(modified));
    AtomicBoolean isOver = new AtomicBoolean();
    store.before((call, key) -> {
      if (call.equals("copy") && isOver.compareAndSet(false, true)) {
        copyInParts(key, wanted);
        throw new StoreException.Unavailable("the answer is lost");
      }
    });
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.open("f", OpenFlags.READ_ONLY)) {
      mounted.chmod("f", 0600);
      await().untilTrue(isOver);
      assertThat(file.readAll()).containsExactly(1, 2, 3);
      await().until(() -> mounted.tree.background().tasks() == 0);
      assertThat(mounted.stat("f").mode() & 0777).isEqualTo(0600);
    }
    assertThat(user("f")).isEqualTo(wanted.toUser());
  }

  @Test
  void whatSomebodyElseMadeOfALargeFileIsNotTakenForOnesOwn() {
    with("f", Map.of());
    AtomicBoolean isOver = new AtomicBoolean();
    store.before((call, key) -> {
      if (call.equals("copy") && isOver.compareAndSet(false, true)) {
        copyInParts(key, Posix.NOTHING.withMode(Attributes.REGULAR | 0640));
      }
    });
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.open("f", OpenFlags.READ_ONLY)) {
      mounted.chmod("f", 0600);
      await().untilTrue(isOver);
      assertThatThrownBy(file::readAll).isInstanceOf(FuseException.class);
    }
    assertThat(user("f")).containsEntry("mode", String.valueOf(0100640));
  }

  @Test
  void whatIsSetIsSavedAtTheEnd() {
    with("f", Map.of());
    try (Mounted mounted = new Mounted(store)) {
      mounted.mkdir("d");
      mounted.chmod("d", 0700);
      mounted.chmod("f", 0600);
    }
    assertThat(user("f")).containsEntry("mode", "33152");
    assertThat(user("d/")).containsEntry("mode", "16832");
  }

  @Test
  void modesOfDirectoriesAreShownByAnotherProcess() {
    try (Mounted mounted = new Mounted(store)) {
      mounted.mkdir("d");
      mounted.chmod("d", 0700);
    }
    try (Mounted again = new Mounted(store)) {
      assertThat(again.stat("d").mode()).isEqualTo(Attributes.DIRECTORY | 0700);
    }
  }

  @Test
  void whatIsSetAfterASaveWasGivenUpIsSaved() {
    with("f", Map.of());
    try (Mounted mounted = new Mounted(store)) {
      mounted.mkdir("d");
      // Nothing is tried again: the first failure is the last.
      mounted.tree.background().close(Duration.ZERO);
      store.before((call, key) -> {
        if (call.equals("copy") || call.equals("put")) {
          throw new StoreException.Unavailable("away");
        }
      });
      assertThatThrownBy(() -> mounted.chmod("f", 0600)).isInstanceOf(FuseException.class);
      assertThatThrownBy(() -> mounted.chmod("d", 0700)).isInstanceOf(FuseException.class);
      store.before((call, key) -> {});
      mounted.setattr("f", owner(5, 6));
      mounted.setattr("d", owner(5, 6));
      assertThat(user("f")).containsEntry("uid", "5");
      assertThat(user("d/")).containsEntry("uid", "5");
    }
  }
}
