package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.Opened;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class WritingTest {
  private static final int APPEND = OpenFlags.WRITE_ONLY | OpenFlags.APPEND;

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(FuseException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void closeReturnsWhenOssHasTheObject() {
    try (Mounted mounted = new Mounted(store)) {
      Mounted.Open file = mounted.create("f").write(0, "hello");
      assertThat(store.keys()).isEmpty();
      file.flush();
      assertThat(mounted.object("f")).isEqualTo("hello");
      file.release();
    }
  }

  @Test
  void fsyncReturnsWhenOssHasTheObject() {
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.create("f")) {
      file.write(0, "one").fsync();
      assertThat(mounted.object("f")).isEqualTo("one");
      file.write(3, " two").fsync();
      assertThat(mounted.object("f")).isEqualTo("one two");
    }
  }

  @Test
  void closeSaysWhyOssHasItNot() {
    try (Mounted mounted = new Mounted(store)) {
      Mounted.Open file = mounted.create("f").write(0, "hello");
      store.before((call, key) -> {
        if (call.equals("put")) {
          throw new StoreException.Denied(
              StoreException.Denied.Reason.WRITE_DENIED, "no right to write " + key);
        }
      });
      fails(Errno.EACCES, file::flush);
      assertThat(file.readAll()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
      store.before((call, key) -> {});
      file.flush();
      assertThat(mounted.object("f")).isEqualTo("hello");
      file.release();
    }
  }

  @Test
  void whatCloseCouldNotUploadIsTriedAgainInTheBackground() {
    try (Mounted mounted = new Mounted(store)) {
      Mounted.Open file = mounted.create("f").write(0, "hello");
      store.before((call, key) -> {
        throw new StoreException.Unavailable("busy");
      });
      fails(Errno.EIO, file::close);
      store.before((call, key) -> {});
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(store.keys()).containsExactly("f"));
    }
  }

  @Test
  void anEmptyNewFileGoesUpWhenItIsReleased() {
    try (Mounted mounted = new Mounted(store)) {
      Mounted.Open file = mounted.create("f");
      file.flush();
      assertThat(store.keys()).isEmpty();
      file.release();
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(store.keys()).containsExactly("f"));
    }
  }

  @Test
  void aFlushWithNothingDirtyCostsNothing() {
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.create("f").write(0, "hello").flush()) {
      long puts = store.calls("put");
      file.flush().flush();
      assertThat(store.calls("put")).isEqualTo(puts);
    }
  }

  @Test
  void whatWasWrittenIsCached() {
    try (Mounted mounted = new Mounted(store)) {
      mounted.write("f", bytes(300_000));
      long gets = store.calls("get");
      assertThat(mounted.read("f")).isEqualTo(bytes(300_000));
      assertThat(store.calls("get")).isEqualTo(gets);
    }
  }

  @Test
  void twoHandlesOfAFileShareWhatIsWritten() {
    store.with("f", "0123456789".getBytes(StandardCharsets.UTF_8));
    try (Mounted mounted = new Mounted(store);
        Mounted other = mounted.session(SessionView.WHOLE);
        Mounted.Open one = mounted.open("f", OpenFlags.READ_WRITE);
        Mounted.Open two = other.open("f", OpenFlags.READ_WRITE)) {
      one.write(2, "AB");
      two.write(5, "CD");
      assertThat(new String(one.readAll(), StandardCharsets.UTF_8)).isEqualTo("01AB4CD789");
      assertThat(new String(two.readAll(), StandardCharsets.UTF_8)).isEqualTo("01AB4CD789");
    }
    assertThat(new String(store.bytes("f").orElseThrow(), StandardCharsets.UTF_8))
        .isEqualTo("01AB4CD789");
  }

  @Test
  void holesReadAsZeros() {
    try (Mounted mounted = new Mounted(store)) {
      try (Mounted.Open file = mounted.create("f")) {
        file.write(0, "ab").write(5, "c").truncate(8);
        assertThat(file.readAll()).isEqualTo("ab\0\0\0c\0\0".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(mounted.object("f")).isEqualTo("ab\0\0\0c\0\0");
    }
  }

  @Test
  void aLargeNewFileGoesUpInPartsWhileItIsWritten() {
    int size = (int) (5 * Mounted.PART_BYTES + 1000);
    byte[] bytes = bytes(size);
    try (Mounted mounted = new Mounted(store)) {
      try (Mounted.Open file = mounted.create("f")) {
        for (int at = 0; at < size; at += 10_000) {
          file.write(at, Arrays.copyOfRange(bytes, at, Math.min(size, at + 10_000)));
        }
        await()
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(() -> assertThat(store.calls("uploadPart")).isGreaterThanOrEqualTo(4));
        // A part that has gone up is written to again.
        file.write(Mounted.PART_BYTES + 7, "changed");
      }
      System.arraycopy(
          "changed".getBytes(StandardCharsets.UTF_8), 0, bytes, (int) Mounted.PART_BYTES + 7, 7);
      assertThat(store.bytes("f")).hasValue(bytes);
      assertThat(store.calls("uploadPart")).isLessThanOrEqualTo(7);
      assertThat(store.calls("completeUpload")).isEqualTo(1);
    }
  }

  @Test
  void anAppendToALargeFileSendsTheTailOnly() {
    int size = (int) (6 * Mounted.PART_BYTES);
    store.with("f", bytes(size));
    try (Mounted mounted = new Mounted(store)) {
      mounted.append("f", "tail");
    }
    assertThat(store.bytes("f").orElseThrow()).hasSize(size + 4).startsWith(bytes(size));
    assertThat(store.calls("copyPart")).isEqualTo(1);
    assertThat(store.calls("uploadPart")).isEqualTo(1);
    assertThat(store.sentBytes()).isZero();
  }

  @Test
  void anAppendGoesToTheEndThatTheServerKnows() {
    store.with("f", "one".getBytes(StandardCharsets.UTF_8));
    try (Mounted mounted = new Mounted(store)) {
      assertThat(mounted.stat("f").size()).isEqualTo(3);
      store.with("f", "one two".getBytes(StandardCharsets.UTF_8));
      mounted.pass(Duration.ofSeconds(2));
      mounted.append("f", " three");
      assertThat(mounted.object("f")).isEqualTo("one two three");
    }
  }

  @Test
  void whatTwoNodesAppendIsKeptOfBoth() {
    store.with("f", "0".getBytes(StandardCharsets.UTF_8));
    try (Mounted one = new Mounted(store);
        Mounted two = new Mounted(store)) {
      try (Mounted.Open a = one.open("f", APPEND);
          Mounted.Open b = two.open("f", APPEND)) {
        a.write(1, "a");
        b.write(1, "b");
        a.flush();
        two.pass(Duration.ofSeconds(2));
      }
      assertThat(one.object("f")).isEqualTo("0ab");
      assertThat(two.text("f")).isEqualTo("0ab");
    }
  }

  @Test
  void aWriterDoesNotOverwriteAVersionThatItDidNotSee() throws IOException {
    store.with("f", "0123456789".getBytes(StandardCharsets.UTF_8));
    try (Mounted mounted = new Mounted(store)) {
      Mounted.Open file = mounted.open("f", OpenFlags.READ_WRITE).write(3, "X");
      store.with("f", "theirs".getBytes(StandardCharsets.UTF_8));
      mounted.pass(Duration.ofSeconds(2));
      fails(Errno.ESTALE, file::close);
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(mounted.text("f")).isEqualTo("theirs"));
      assertThat(mounted.object("f")).isEqualTo("theirs");
      assertThat(aside(mounted)).singleElement().asString().endsWith("-f");
    }
  }

  private static List<Path> aside(Mounted mounted) throws IOException {
    try (Stream<Path> files = Files.list(mounted.staging.resolve("aside"))) {
      return files.toList();
    }
  }

  @Test
  void aWriterThatTruncatesReplacesWhateverIsThere() {
    store.with("f", "0123456789".getBytes(StandardCharsets.UTF_8));
    try (Mounted mounted = new Mounted(store)) {
      int flags = OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE;
      try (Mounted.Open file = mounted.open("f", flags)) {
        file.write(0, "mine");
        store.with("f", "theirs".getBytes(StandardCharsets.UTF_8));
        mounted.pass(Duration.ofSeconds(2));
      }
      assertThat(mounted.object("f")).isEqualTo("mine");
    }
  }

  @Test
  void stagingThatIsFullIsEnospcAndLosesNothing() {
    try (Mounted mounted = new Mounted(store, MountOptions.usual(), 1000);
        Mounted.Open file = mounted.create("f").write(0, bytes(900))) {
      fails(Errno.ENOSPC, () -> file.write(900, bytes(200)));
      file.write(0, bytes(900));
      file.flush();
      assertThat(store.bytes("f")).hasValue(bytes(900));
      file.write(900, bytes(100));
    }
    assertThat(store.bytes("f").orElseThrow()).hasSize(1000);
  }

  @Test
  void aRemovedFileThatIsOpenIsReadAndWrittenOn() {
    store.with("f", bytes(100_000));
    try (Mounted mounted = new Mounted(store)) {
      try (Mounted.Open file = mounted.open("f", OpenFlags.READ_WRITE)) {
        mounted.unlink("f");
        assertThat(mounted.exists("f")).isFalse();
        assertThat(file.readAll()).isEqualTo(bytes(100_000));
        file.write(0, "changed");
        assertThat(file.read(0, 7)).isEqualTo("changed".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(store.keys()).isEmpty();
      assertThat(mounted.tree.staging().usedBytes()).isZero();
    }
  }

  @Test
  void aFileThatIsOpenIsReadOnWhenItsNameGoesAndTheCacheIsFull() {
    stored("removed", "removed");
    stored("replaced", "replaced");
    stored("written", "written");
    Mounted killed = new Mounted(store);
    killed.blocks.isFull = true;
    Mounted.Open removed = killed.open("removed", OpenFlags.READ_ONLY);
    Mounted.Open replaced = killed.open("replaced", OpenFlags.READ_ONLY);
    Mounted.Open written = killed.open("written", OpenFlags.READ_WRITE).write(0, "W");
    killed.unlink("removed");
    killed.write("other", "other");
    killed.rename("other", "replaced");
    killed.unlink("written");
    written.write(6, "N");
    try (Mounted next = killed.next()) {
      for (Mounted mounted : List.of(killed, next)) {
        assertThat(text(mounted.again(removed))).isEqualTo("removed");
        assertThat(text(mounted.again(replaced))).isEqualTo("replaced");
        assertThat(text(mounted.again(written))).isEqualTo("WritteN");
      }
      next.again(removed).release();
      next.again(replaced).release();
      next.again(written).release();
      assertThat(store.keys()).containsExactly("replaced");
      assertThat(next.object("replaced")).isEqualTo("other");
    }
  }

  @Test
  void aFileThatCannotBeRemovedIsWhatItWasAlsoWhenTheCacheIsFull() {
    stored("f", "hello");
    try (Mounted mounted = new Mounted(store)) {
      mounted.blocks.isFull = true;
      Mounted.Open reader = mounted.open("f", OpenFlags.READ_ONLY);
      deletesAreRefused();
      assertThatThrownBy(() -> mounted.unlink("f")).isInstanceOf(FuseException.class);
      assertThat(text(reader)).isEqualTo("hello");
      mounted.append("f", " world");
      assertThat(mounted.object("f")).isEqualTo("hello world");
      assertThatThrownBy(() -> mounted.unlink("f")).isInstanceOf(FuseException.class);
      reader.release();
      assertThat(mounted.tree.staging().usedBytes()).isZero();
      assertThat(mounted.text("f")).isEqualTo("hello world");
    }
  }

  @Test
  void aFileThatCouldNotBeRemovedIsWrittenOnAfterAKill() {
    stored("written", "hello");
    stored("cut", "hello");
    stored("read", "hello");
    Mounted killed = new Mounted(store);
    killed.blocks.isFull = true;
    Mounted.Open written = killed.open("written", OpenFlags.READ_WRITE);
    Mounted.Open cut = killed.open("cut", OpenFlags.READ_WRITE);
    Mounted.Open read = killed.open("read", OpenFlags.READ_WRITE);
    deletesAreRefused();
    for (String name : List.of("written", "cut", "read")) {
      assertThatThrownBy(() -> killed.unlink(name)).isInstanceOf(FuseException.class);
    }
    cut.truncate(0);
    try (Mounted next = killed.next()) {
      next.again(written).write(0, "J").flush().release();
      next.again(cut).write(0, "new").flush().release();
      stored("read", "other");
      next.again(read).flush().release();
      assertThat(next.object("written")).isEqualTo("Jello");
      assertThat(next.object("cut")).isEqualTo("new");
      assertThat(next.text("read")).isEqualTo("other");
    }
  }

  @Test
  void aFileThatCouldNotBeRemovedTakesItsNameFromNoWriterAfterAKill() {
    stored("f", "hello");
    Mounted killed = new Mounted(store);
    killed.blocks.isFull = true;
    Mounted.Open before = killed.open("f", OpenFlags.READ_ONLY);
    deletesAreRefused();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> killed.unlink("f")).isInstanceOf(FuseException.class);
    }
    try (Mounted next = killed.nextWithoutSession(Duration.ofMinutes(10))) {
      Mounted.Open writer = next.open("f", OpenFlags.READ_WRITE).write(0, "J");
      try (Mounted late = next.withSessionOf(killed)) {
        assertThat(text(late.again(before))).isEqualTo("hello");
        writer.fsync().release();
        assertThat(next.object("f")).isEqualTo("Jello");
        late.again(before).release();
      }
    }
  }

  @Test
  void whatASessionHasOpenWithoutANameIsThereWhenAnotherHasClosedIt() {
    stored("stored", "stored");
    Mounted killed = new Mounted(store);
    killed.blocks.isFull = true;
    Mounted other = killed.session(SessionView.WHOLE);
    Mounted.Open mine = killed.create("made").write(0, "made");
    Mounted.Open theirs = other.open("made", OpenFlags.READ_WRITE);
    Mounted.Open read = killed.open("stored", OpenFlags.READ_ONLY);
    Mounted.Open theirRead = other.open("stored", OpenFlags.READ_ONLY);
    killed.unlink("made");
    killed.unlink("stored");
    try (Mounted next = killed.next()) {
      next.again(mine).release();
      next.again(read).release();
      try (Mounted late = next.withSessionOf(other)) {
        assertThat(text(late.again(theirs))).isEqualTo("made");
        assertThat(text(late.again(theirRead))).isEqualTo("stored");
        late.again(theirs).release();
        late.again(theirRead).release();
      }
      assertThat(store.keys()).isEmpty();
    }
  }

  private void deletesAreRefused() {
    store.before((call, key) -> {
      if (call.equals("delete")) {
        throw new StoreException.Invalid("no");
      }
    });
  }

  private void stored(String key, String text) {
    store.with(key, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Mounted.Open file) {
    return new String(file.readAll(), StandardCharsets.UTF_8);
  }

  @Test
  void aReplacedFileThatIsOpenIsReadOn() {
    store.with("new", "new".getBytes(StandardCharsets.UTF_8));
    store.with("f", bytes(100_000));
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.open("f", OpenFlags.READ_ONLY)) {
      mounted.rename("new", "f");
      assertThat(file.readAll()).isEqualTo(bytes(100_000));
      assertThat(mounted.text("f")).isEqualTo("new");
    }
  }

  @Test
  void truncateOfAPathIsDurable() {
    store.with("f", "0123456789".getBytes(StandardCharsets.UTF_8));
    try (Mounted mounted = new Mounted(store)) {
      mounted.truncate("f", 4);
      assertThat(mounted.object("f")).isEqualTo("0123");
      mounted.truncate("f", 6);
      assertThat(mounted.object("f")).isEqualTo("0123\0\0");
      mounted.truncate("f", 0);
      assertThat(mounted.object("f")).isEmpty();
    }
  }

  @Test
  void whatIsDirtyAtTheEndIsUploaded() {
    Mounted mounted = new Mounted(store);
    mounted.create("open").write(0, "still open");
    mounted.close();
    assertThat(mounted.object("open")).isEqualTo("still open");
  }

  @Test
  void whatAKilledProcessLeftIsKeptAside() throws IOException {
    Mounted killed = new Mounted(store);
    killed.create("lost+found").write(0, "not acknowledged");
    try (var area = Files.list(killed.staging)) {
      assertThat(area.filter(Files::isRegularFile)).hasSize(2);
    }
    try (Mounted next = killed.nextWithoutSession(Duration.ZERO)) {
      await().until(() -> !aside(next).isEmpty());
      assertThat(aside(next)).singleElement().asString().endsWith("-lost+found");
      assertThat(next.exists("lost+found")).isFalse();
      assertThat(store.keys()).isEmpty();
    }
  }

  @Test
  void whatWasWrittenAndClosedWithoutAServerIsUploaded() {
    Mounted killed = new Mounted(store);
    Mounted.Open written = killed.create("written").write(0, "by one that was killed as well");
    Mounted.Open empty = killed.create("empty");
    killed.closedMeanwhile(written);
    killed.closedMeanwhile(empty);
    try (Mounted next = killed.next()) {
      await().until(() -> store.keys().contains("written") && store.keys().contains("empty"));
      assertThat(next.object("written")).isEqualTo("by one that was killed as well");
      assertThat(next.object("empty")).isEmpty();
      assertThat(next.session.openFiles()).isZero();
      assertThat(killed.keptHandles()).isZero();
    }
  }

  @Test
  void aReaderHasOneVersion() {
    store.with("f", bytes(100_000));
    try (Mounted mounted = new Mounted(store);
        Mounted.Open reader = mounted.open("f", OpenFlags.READ_ONLY)) {
      byte[] first = reader.read(0, 10);
      store.with("f", bytes(100_001));
      mounted.pass(Duration.ofMinutes(2));
      assertThat(mounted.read("f")).isEqualTo(bytes(100_001));
      assertThat(reader.stat().size()).isEqualTo(100_000);
      assertThat(reader.read(0, 10)).isEqualTo(first);
    }
  }

  @Test
  void aReaderOfAVersionThatIsGoneGetsEstale() {
    store.with("f", bytes(100_000));
    try (Mounted mounted = new Mounted(store);
        Mounted.Open reader = mounted.open("f", OpenFlags.READ_ONLY)) {
      store.with("f", bytes(100_001));
      fails(Errno.ESTALE, () -> reader.read(0, 10));
      assertThat(mounted.read("f")).isEqualTo(bytes(100_001));
    }
  }

  @Test
  void theKernelKeepsItsPagesWhileTheVersionIsTheSame() {
    store.with("f", bytes(100));
    try (Mounted mounted = new Mounted(store);
        Mounted.Open first = mounted.open("f", OpenFlags.READ_ONLY);
        Mounted.Open second = mounted.open("f", OpenFlags.READ_ONLY);
        Mounted other = mounted.session(SessionView.WHOLE)) {
      assertThat(first.opened.options().toString()).contains("NOFLUSH").contains("KEEP_CACHE");
      assertThat(second.opened.options().toString()).contains("KEEP_CACHE");
      other.append("f", "more");
      try (Mounted.Open third = mounted.open("f", OpenFlags.READ_ONLY)) {
        assertThat(third.opened.options().toString()).doesNotContain("KEEP_CACHE");
      }
    }
  }

  @Test
  void theKernelKeepsItsPagesWhenTheNextProcessGoesOn() {
    store.with("f", bytes(100));
    Mounted killed = new Mounted(store);
    killed.open("f", OpenFlags.READ_ONLY);

    try (Mounted next = killed.next();
        Mounted.Open again = next.open("f", OpenFlags.READ_ONLY)) {
      assertThat(again.opened.options().toString()).contains("KEEP_CACHE");
    }
  }

  @Test
  void theKernelDropsPagesThatWereOldWhenTheProcessWasKilled() {
    store.with("f", bytes(100));
    Mounted killed = new Mounted(store);
    killed.open("f", OpenFlags.READ_ONLY);
    Mounted other = killed.session(SessionView.WHOLE);
    other.append("f", "more");

    try (Mounted next = killed.next();
        Mounted.Open again = next.open("f", OpenFlags.READ_ONLY)) {
      assertThat(again.opened.options().toString()).doesNotContain("KEEP_CACHE");
    }
  }

  @Test
  void theKernelDropsItsPagesWhenNobodyWasToldOfTheOpen() {
    store.with("f", bytes(100));
    Mounted killed = new Mounted(store);
    long untold = killed.open("f", OpenFlags.READ_ONLY).handle;
    var caller = new Caller(1000, 1000, 42, new Again(untold));

    try (Mounted next = killed.next();
        Mounted.Open other = next.open("f", OpenFlags.READ_ONLY)) {
      Opened again = Mounted.await(next.session.open(caller, other.node, OpenFlags.READ_ONLY));
      assertThat(again.options().toString()).doesNotContain("KEEP_CACHE");
      Mounted.await(next.session.release(other.node, again.handle()));
    }
  }

  @Test
  void theKernelDropsItsPagesWhenItDidNotTakeTheAnswer() {
    store.with("f", bytes(100));
    try (Mounted mounted = new Mounted(store);
        Mounted.Open first = mounted.open("f", OpenFlags.READ_ONLY)) {
      mounted.session.unopened(first.node);
      try (Mounted.Open again = mounted.open("f", OpenFlags.READ_ONLY)) {
        assertThat(again.opened.options().toString()).doesNotContain("KEEP_CACHE");
      }
    }
  }

  @Test
  void theKernelDropsItsPagesWhenAnotherSessionWroteInAProcessBetween() {
    store.with("f", bytes(100));
    Mounted killed = new Mounted(store);
    killed.open("f", OpenFlags.READ_ONLY);
    Mounted between = killed.nextWithoutSession(Duration.ofMinutes(10));
    between.open("f", OpenFlags.WRITE_ONLY).write(0, "x");

    try (Mounted next = between.next();
        Mounted late = next.withSessionOf(killed);
        Mounted.Open again = late.open("f", OpenFlags.READ_ONLY)) {
      assertThat(again.opened.options().toString()).doesNotContain("KEEP_CACHE");
    }
  }

  @Test
  void theKernelDropsItsPagesWhenWhatWasRenamedHadBeenReplaced() {
    store.with("d/f", bytes(100));
    try (Mounted mounted = new Mounted(store);
        Mounted.Open before = mounted.open("d/f", OpenFlags.READ_ONLY)) {
      store.with("d/f", bytes(101));
      mounted.rename("d", "e");
      try (Mounted.Open after = mounted.open("e/f", OpenFlags.READ_ONLY)) {
        assertThat(after.node == before.node && after.opened.options().toString().contains("KEEP"))
            .isFalse();
      }
    }
  }

  /** A second try, after the first one has opened a file. */
  private record Again(long handle) implements Attempt {
    @Override
    public OptionalLong noted() {
      return OptionalLong.of(handle);
    }

    @Override
    public void note(long value) {}
  }
}
