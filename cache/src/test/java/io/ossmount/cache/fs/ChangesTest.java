package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class ChangesTest {
  private static final int NOREPLACE = 1;
  private static final int EXCHANGE = 2;

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private void with(String... keys) {
    for (String key : keys) {
      store.with(key, key.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(FuseException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void aDirectoryThatLosesItsLastFileStays() {
    with("implicit/f", "other");
    try (Mounted mounted = new Mounted(store)) {
      mounted.unlink("implicit/f");
      assertThat(mounted.list("implicit")).isEmpty();
      assertThat(store.keys()).containsExactly("implicit/", "other");
      mounted.rmdir("implicit");
      assertThat(store.keys()).containsExactly("other");
      assertThat(mounted.exists("implicit")).isFalse();
    }
  }

  @Test
  void aDirectoryThatKeepsFilesGetsNoMarker() {
    with("implicit/f", "implicit/fg");
    try (Mounted mounted = new Mounted(store)) {
      mounted.unlink("implicit/f");
      assertThat(store.keys()).containsExactly("implicit/fg");
    }
  }

  @Test
  void aDirectoryThatIsNotEmptyIsNotRemoved() {
    with("d/", "full/f");
    try (Mounted mounted = new Mounted(store)) {
      fails(Errno.ENOTEMPTY, () -> mounted.rmdir("full"));
      try (Mounted.Open file = mounted.create("d/new")) {
        fails(Errno.ENOTEMPTY, () -> mounted.rmdir("d"));
        assertThat(file.stat().size()).isZero();
      }
      mounted.list("d");
      mounted.unlink("d/new");
      with("d/theirs");
      fails(Errno.ENOTEMPTY, () -> mounted.rmdir("d"));
    }
  }

  @Test
  void renameOfAFileCopiesAndDeletes() {
    with("a", "b");
    try (Mounted mounted = new Mounted(store)) {
      mounted.rename("a", "b");
      assertThat(store.keys()).containsExactly("b");
      assertThat(mounted.text("b")).isEqualTo("a");
      fails(Errno.ENOENT, () -> mounted.rename("a", "c"));
    }
  }

  @Test
  void renameCanRefuseToReplace() {
    with("a", "b");
    try (Mounted mounted = new Mounted(store)) {
      fails(Errno.EEXIST, () -> mounted.rename("a", "b", NOREPLACE));
      fails(Errno.EINVAL, () -> mounted.rename("a", "b", EXCHANGE));
      assertThat(mounted.exists("c")).isFalse();
      with("c");
      fails(Errno.EEXIST, () -> mounted.rename("a", "c", NOREPLACE));
      mounted.rename("a", "d", NOREPLACE);
      assertThat(store.keys()).containsExactly("b", "c", "d");
    }
  }

  @Test
  void aNewFileThatIsRenamedGoesUpUnderItsNewName() {
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.create("tmp").write(0, "content")) {
      mounted.rename("tmp", "final");
      assertThat(store.keys()).containsExactly("final");
      assertThat(store.calls("copy")).isZero();
      file.write(7, " more");
      file.flush();
      assertThat(mounted.object("final")).isEqualTo("content more");
    }
  }

  @Test
  void aRenamedFileThatIsOpenIsReadOn() {
    with("a");
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.open("a", OpenFlags.READ_ONLY)) {
      mounted.rename("a", "b");
      assertThat(new String(file.readAll(), StandardCharsets.UTF_8)).isEqualTo("a");
    }
  }

  @Test
  void renameOfADirectoryMovesAllBelow() {
    for (int i = 0; i < 2500; i++) {
      store.with("d/sub/%04d".formatted(i), ("" + i).getBytes(StandardCharsets.UTF_8));
    }
    with("d/", "d/sub/empty/");
    try (Mounted mounted = new Mounted(store);
        Mounted.Open open = mounted.open("d/sub/0007", OpenFlags.READ_ONLY);
        Mounted.Open dirty = mounted.create("d/new").write(0, "new")) {
      mounted.rename("d", "e");
      assertThat(store.keys()).hasSize(2503).allMatch(key -> key.startsWith("e/"));
      assertThat(mounted.text("e/sub/1234")).isEqualTo("1234");
      assertThat(new String(open.readAll(), StandardCharsets.UTF_8)).isEqualTo("7");
      assertThat(mounted.list("e/sub/empty")).isEmpty();
      dirty.write(3, "er");
      dirty.flush();
      assertThat(mounted.object("e/new")).isEqualTo("newer");
      assertThat(mounted.exists("d")).isFalse();
    }
  }

  @Test
  void aRenameOfADirectoryThatFailsLeavesTheOldOneWhole() {
    for (int i = 0; i < 50; i++) {
      with("d/%02d".formatted(i));
    }
    AtomicInteger copies = new AtomicInteger();
    store.before((call, key) -> {
      if (call.equals("copy") && copies.incrementAndGet() > 20) {
        throw new StoreException.Unavailable("busy");
      }
    });
    try (Mounted mounted = new Mounted(store)) {
      fails(Errno.EIO, () -> mounted.rename("d", "e"));
      assertThat(store.keys()).hasSize(50).allMatch(key -> key.startsWith("d/"));
      store.before((call, key) -> {});
      assertThat(mounted.text("d/07")).isEqualTo("d/07");
    }
  }

  @Test
  void aFileKeepsItsNameWhenAnotherCannotGoUpUnderIt() {
    try (var mounted = new Mounted(store)) {
      mounted.write("there", "old");
      try (var there = mounted.open("there", OpenFlags.READ_WRITE);
          var made = mounted.create("new")) {
        there.write(0, "mine");
        made.write(0, "theirs");
        store.before((call, key) -> {
          if (call.equals("put")) {
            throw new StoreException.Unavailable("busy");
          }
        });
        fails(Errno.EIO, () -> mounted.rename("new", "there"));
        assertThat(mounted.list("")).containsOnlyKeys("there", "new");
        store.before((call, key) -> {});
        there.fsync();
        assertThat(store.bytes("there")).contains("mine".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(store.bytes("new")).contains("theirs".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void noObjectIsMissingUnderBothNamesAtAnyTimeOfARename() {
    for (int i = 0; i < 30; i++) {
      with("d/%02d".formatted(i));
    }
    try (Mounted mounted = new Mounted(store)) {
      store.before((call, key) -> {
        for (int i = 0; i < 30; i++) {
          String name = "/%02d".formatted(i);
          assertThat(store.bytes("d" + name).or(() -> store.bytes("e" + name))).isPresent();
        }
      });
      mounted.rename("d", "e");
    }
  }

  /**
   * Reads an open file, as soon as OSS has removed its object and before the file has its new name.
   */
  private String readWhenRemoved(String call, Mounted.Open file, Runnable rename) throws Exception {
    var seen = new CompletableFuture<String>();
    Thread reader =
        Thread.ofPlatform()
            .unstarted(() -> {
              try {
                seen.complete(new String(file.readAll(), StandardCharsets.UTF_8));
              } catch (RuntimeException e) {
                seen.completeExceptionally(e);
              }
            });
    AtomicBoolean isRemoved = new AtomicBoolean();
    store.before((made, key) -> {
      if (made.equals(call) && isRemoved.compareAndSet(false, true)) {
        store.delete("d/f");
        reader.start();
        Awaitility.await().until(() -> seen.isDone() || reader.getState() == Thread.State.WAITING);
      }
    });
    rename.run();
    return seen.get(10, TimeUnit.SECONDS);
  }

  @Test
  void whoReadsWhileItsFileIsRenamedWaitsForItsNewName() throws Exception {
    for (SessionView view : List.of(SessionView.WHOLE, ReadModeTest.NONE)) {
      for (String call : List.of("delete", "deleteAll")) {
        with("d/f");
        try (Mounted mounted = new Mounted(store);
            Mounted session = mounted.session(view);
            Mounted.Open file = session.open("d/f", OpenFlags.READ_ONLY)) {
          Runnable rename =
              call.equals("delete")
                  ? () -> mounted.rename("d/f", "d/g")
                  : () -> mounted.rename("d", "e");
          assertThat(readWhenRemoved(call, file, rename)).isEqualTo("d/f");
          assertThat(store.keys()).contains(call.equals("delete") ? "d/g" : "e/f");
        }
        store.before((made, key) -> {});
        store.deleteAll(store.keys());
      }
    }
  }

  @Test
  void renamesThatCannotBeAreRefused() {
    with("f", "d/x", "full/y", "empty/");
    try (Mounted mounted = new Mounted(store)) {
      fails(Errno.EINVAL, () -> mounted.rename("d", "d/inside"));
      fails(Errno.ENOTDIR, () -> mounted.rename("d", "f"));
      fails(Errno.EISDIR, () -> mounted.rename("f", "d"));
      fails(Errno.ENOTEMPTY, () -> mounted.rename("d", "full"));
      mounted.rename("d", "empty");
      assertThat(store.keys()).containsExactly("empty/", "empty/x", "f", "full/y");
    }
  }

  @Test
  void linksAreRenamedAsLinks() {
    try (Mounted mounted = new Mounted(store)) {
      mounted.mkdir("d");
      mounted.symlink("d/link", "target");
      mounted.rename("d/link", "d/moved");
      mounted.rename("d", "e");
      assertThat(mounted.readlink("e/moved")).isEqualTo("target");
    }
    try (Mounted again = new Mounted(store)) {
      again.list("e");
      assertThat(again.readlink("e/moved")).isEqualTo("target");
    }
  }

  @Test
  void theRootOfADirectoryMountStaysWhenItIsEmpty() {
    with("team/data/f");
    MountOptions usual = MountOptions.usual();
    MountOptions below =
        new MountOptions(
            "team/data/",
            usual.attributeTimeout(),
            usual.listTimeout(),
            usual.negativeTimeout(),
            usual.files(),
            false);
    try (Mounted mounted = new Mounted(store, below, 1 << 20)) {
      assertThat(mounted.text("f")).isEqualTo("team/data/f");
      mounted.unlink("f");
      assertThat(mounted.list("")).isEmpty();
      mounted.write("g", "new");
      assertThat(store.keys()).containsExactly("team/data/g");
    }
  }

  @Test
  void whatWasRemovedByAnotherIsEnoentOnceItIsKnown() {
    with("f");
    try (Mounted mounted = new Mounted(store)) {
      mounted.stat("f");
      store.delete("f");
      fails(Errno.ENOENT, () -> mounted.open("f", OpenFlags.READ_WRITE | pass(mounted)));
    }
  }

  private static int pass(Mounted mounted) {
    mounted.pass(Duration.ofSeconds(2));
    return 0;
  }

  @Test
  void linksToFilesAreRefused() {
    with("f");
    try (Mounted mounted = new Mounted(store)) {
      fails(Errno.EINVAL, () -> mounted.readlink("f"));
      fails(Errno.EISDIR, () -> mounted.unlink("d" + made(mounted)));
      fails(Errno.ENOTDIR, () -> mounted.rmdir("f"));
      fails(Errno.EEXIST, () -> mounted.mkdir("f"));
      fails(Errno.EINVAL, () -> mounted.mkdir("%ossx"));
    }
  }

  private static String made(Mounted mounted) {
    mounted.mkdir("d");
    return "";
  }
}
