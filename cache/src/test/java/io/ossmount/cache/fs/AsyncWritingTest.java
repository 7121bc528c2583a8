package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.config.ReadMode;
import io.ossmount.cache.config.WriteMode;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Write mode Async: close(2) is answered by the disk, and OSS has the object later. */
@Timeout(60)
final class AsyncWritingTest {
  private static final Set<String> CHANGES =
      Set.of("put", "startUpload", "uploadPart", "completeUpload", "delete", "copy");
  static final MountOptions ASYNC =
      new MountOptions(
          "",
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          MountOptions.Defaults.USUAL,
          false,
          new Modes(ReadMode.CACHE, WriteMode.ASYNC));

  private static final ThreadLocal<Boolean> ELSEWHERE = ThreadLocal.withInitial(() -> false);

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private Mounted mounted() {
    return new Mounted(store, ASYNC, 1 << 30);
  }

  private void storeTakesNothing() {
    store.before((call, key) -> {
      if (CHANGES.contains(call) && !ELSEWHERE.get()) {
        throw new StoreException.Unavailable("away");
      }
    });
  }

  /** What another node writes, which does not share our trouble. */
  private void elsewhere(String key, String text) {
    ELSEWHERE.set(true);
    store.with(key, text.getBytes(StandardCharsets.UTF_8));
    ELSEWHERE.set(false);
  }

  private void storeIsBack() {
    store.before((call, key) -> {});
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private void awaitObject(String key, String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(store.bytes(key)).hasValue(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> conflicts() {
    return store.keys().stream().filter(key -> key.contains(".conflict-")).toList();
  }

  private static List<Path> aside(Mounted mounted) throws IOException {
    try (Stream<Path> files = Files.list(mounted.staging.resolve("aside"))) {
      return files.toList();
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aFileThatIsWrittenAgainJustWhenItsUploadEndsIsNeitherForgottenNorWaitedForForEver() {
    try (Mounted mounted = mounted()) {
      long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
      while (System.nanoTime() < end) {
        mounted.write("f", "hello");
        mounted.truncate("f", 3);
      }
      mounted.write("f", "last");
      awaitObject("f", "last");
      await().untilAsserted(() -> assertThat(mounted.tree.activity().pending().objects()).isZero());
    }
  }

  @Test
  void closeReturnsThoughOssIsAwayAndOssHasTheObjectWhenItIsBack() {
    try (Mounted mounted = mounted()) {
      storeTakesNothing();
      mounted.write("f", "hello");
      assertThat(mounted.text("f")).isEqualTo("hello");
      PendingWrites pending = mounted.tree.activity().pending();
      assertThat(pending.objects()).isEqualTo(1);
      assertThat(pending.bytes()).isEqualTo(5);
      assertThat(pending.oldest()).isPresent();
      assertThat(store.keys()).isEmpty();
      storeIsBack();
      awaitObject("f", "hello");
      await().untilAsserted(() -> assertThat(mounted.tree.activity().pending().objects()).isZero());
      assertThat(mounted.tree.staging().usedBytes()).isZero();
    }
  }

  @Test
  void fsyncWaitsForOss() {
    try (Mounted mounted = mounted();
        Mounted.Open file = mounted.create("f").write(0, "hello")) {
      storeTakesNothing();
      assertThatThrownBy(file::fsync).isInstanceOf(FuseException.class);
      storeIsBack();
      file.fsync();
      assertThat(mounted.object("f")).isEqualTo("hello");
    }
  }

  @Test
  void anEmptyFileIsPendingToo() {
    try (Mounted mounted = mounted()) {
      storeTakesNothing();
      mounted.create("f").close();
      assertThat(mounted.tree.activity().pending().objects()).isEqualTo(1);
      storeIsBack();
      awaitObject("f", "");
    }
  }

  @Test
  void whatWasClosedIsUploadedByTheNextProcessAlsoWithoutASession() {
    Mounted killed = mounted();
    storeTakesNothing();
    Mounted.Open file = killed.create("f").write(0, "hello").flush();
    byte[] large = bytes(3 * (int) Mounted.PART_BYTES);
    Mounted.Open other = killed.create("large").write(0, large).flush();
    assertThat(file.stat().size() + other.stat().size()).isEqualTo(5 + large.length);
    // Killed between close(2) and what the kernel says of it later: RELEASE.
    try (Mounted next = killed.nextWithoutSession(Duration.ZERO)) {
      assertThat(next.text("f")).isEqualTo("hello");
      assertThat(next.tree.activity().pending().objects()).isEqualTo(2);
      storeIsBack();
      awaitObject("f", "hello");
      await().untilAsserted(() -> assertThat(store.bytes("large")).hasValue(large));
    }
  }

  @Test
  void aSessionThatComesAfterTheSecondKillKnowsWhatTheFirstSuccessorUploaded() {
    Mounted killed = mounted();
    storeTakesNothing();
    Mounted.Open file = killed.create("f").write(0, "hello").flush();
    Mounted between = killed.nextWithoutSession(Duration.ofMinutes(10));
    storeIsBack();
    awaitObject("f", "hello");
    await().until(() -> between.tree.activity().pending().objects() == 0);
    // The session comes to the one after that.
    try (Mounted last = killed.next()) {
      Mounted.Open again = last.again(file);
      assertThat(again.readAll()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
      again.write(5, " again").fsync().release();
      assertThat(last.object("f")).isEqualTo("hello again");
    }
  }

  @Test
  void aFileThatIsStillOpenElsewhereGoesUpInTime() {
    try (Mounted mounted = mounted();
        Mounted.Open stays = mounted.create("f").write(0, "one")) {
      mounted.append("f", " two");
      awaitObject("f", "one two");
      assertThat(stays.readAll()).isEqualTo("one two".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void aPendingFileIsRenamedAndRemovedWithoutOss() {
    try (Mounted mounted = mounted()) {
      assertThat(mounted.exists("a")).isFalse();
      assertThat(mounted.exists("b")).isFalse();
      assertThat(mounted.exists("gone")).isFalse();
      storeTakesNothing();
      mounted.write("a", "bytes");
      mounted.write("gone", "not wanted");
      mounted.rename("a", "b");
      mounted.unlink("gone");
      assertThat(mounted.exists("a")).isFalse();
      assertThat(mounted.text("b")).isEqualTo("bytes");
      assertThat(mounted.tree.activity().pending().objects()).isEqualTo(1);
      storeIsBack();
      awaitObject("b", "bytes");
      assertThat(store.keys()).containsExactly("b");
    }
  }

  @Test
  void aPendingFileThatIsRenamedOntoAnObjectReplacesIt() {
    store.with("b", "old".getBytes(StandardCharsets.UTF_8));
    Mounted killed = mounted();
    assertThat(killed.text("b")).isEqualTo("old");
    storeTakesNothing();
    killed.write("tmp", "new");
    killed.rename("tmp", "b");
    assertThat(killed.text("b")).isEqualTo("new");
    try (Mounted next = killed.nextWithoutSession(Duration.ofMinutes(10))) {
      assertThat(next.text("b")).isEqualTo("new");
      storeIsBack();
      awaitObject("b", "new");
      assertThat(conflicts()).isEmpty();
      assertThat(store.keys()).containsExactly("b");
    }
  }

  @Test
  void writingOnToAPendingFileKeepsAll() {
    try (Mounted mounted = mounted()) {
      storeTakesNothing();
      mounted.write("f", "one");
      mounted.append("f", " two");
      mounted.append("f", " three");
      assertThat(mounted.text("f")).isEqualTo("one two three");
      storeIsBack();
      awaitObject("f", "one two three");
      assertThat(conflicts()).isEmpty();
    }
  }

  @Test
  void whatSomebodyElseWroteMeanwhileKeepsTheNameAndBothAreThere() {
    store.with("f", "0123456789".getBytes(StandardCharsets.UTF_8));
    try (Mounted mounted = mounted()) {
      assertThat(mounted.text("f")).isEqualTo("0123456789");
      storeTakesNothing();
      try (Mounted.Open file = mounted.open("f", OpenFlags.READ_WRITE)) {
        file.write(3, "X");
      }
      mounted.write("new", "mine");
      await().until(() -> mounted.tree.activity().uploads().failed() >= 2);
      elsewhere("f", "theirs");
      elsewhere("new", "theirs too");
      mounted.pass(Duration.ofMinutes(2));
      storeIsBack();
      await().untilAsserted(() -> assertThat(conflicts()).hasSize(2));
      assertThat(mounted.object("f")).isEqualTo("theirs");
      assertThat(mounted.object("new")).isEqualTo("theirs too");
      assertThat(conflicts().stream().map(mounted::object)).contains("012X456789", "mine");
      PendingWrites pending = mounted.tree.activity().pending();
      assertThat(pending.conflicts()).isEqualTo(2);
      assertThat(conflicts()).contains(pending.lastConflict().orElseThrow().kept());
      assertThat(mounted.text("f")).isEqualTo("theirs");
      assertThat(mounted.text(conflicts().getFirst())).isNotEqualTo("theirs");
    }
  }

  @RepeatedTest(3)
  void aTruncatedFileThatSomebodyElseReplacedIsKeptBesideIt() {
    store.with("f", "old".getBytes(StandardCharsets.UTF_8));
    Mounted killed = mounted();
    storeTakesNothing();
    killed.write("f", "mine");
    elsewhere("f", "theirs");
    try (Mounted next = killed.nextWithoutSession(Duration.ZERO)) {
      storeIsBack();
      await().untilAsserted(() -> assertThat(conflicts()).hasSize(1));
      assertThat(next.object(conflicts().getFirst())).isEqualTo("mine");
      assertThat(next.object("f")).isEqualTo("theirs");
    }
  }

  @Test
  void whoTruncatesWhatIsThereNowHasNoConflict() {
    store.with("f", "old".getBytes(StandardCharsets.UTF_8));
    try (Mounted mounted = mounted()) {
      assertThat(mounted.text("f")).isEqualTo("old");
      elsewhere("f", "theirs, before");
      mounted.pass(Duration.ofSeconds(10));
      mounted.write("f", "mine");
      awaitObject("f", "mine");
      assertThat(conflicts()).isEmpty();
    }
  }

  @Test
  void aConflictWhoseOldVersionIsGoneIsKeptAside() throws IOException {
    byte[] old = bytes(100_000);
    store.with("f", old);
    try (Mounted mounted = mounted()) {
      Mounted.Open file = mounted.open("f", OpenFlags.READ_WRITE);
      store.before((call, key) -> {
        if (!ELSEWHERE.get()) {
          throw new StoreException.Unavailable("away");
        }
      });
      file.write(5, "X").close();
      elsewhere("f", "theirs");
      mounted.pass(Duration.ofMinutes(2));
      storeIsBack();
      await().untilAsserted(() -> assertThat(aside(mounted)).hasSize(1));
      await()
          .untilAsserted(
              () -> assertThat(mounted.tree.activity().pending().conflicts()).isEqualTo(1));
      String kept = mounted.tree.activity().pending().lastConflict().orElseThrow().kept();
      assertThat(kept).startsWith("staging/aside/");
      assertThat(mounted.text("f")).isEqualTo("theirs");
      assertThat(mounted.tree.activity().pending().objects()).isZero();
    }
  }

  @Test
  void anUploadWhoseAnswerWasLostIsNoConflict() {
    try (Mounted mounted = mounted()) {
      store.before((call, key) -> {
        if (call.equals("put")) {
          storeIsBack();
          store.with(key, "hello".getBytes(StandardCharsets.UTF_8));
          throw new StoreException.Unavailable("the answer is lost");
        }
      });
      mounted.write("f", "hello");
      await().untilAsserted(() -> assertThat(mounted.tree.activity().pending().objects()).isZero());
      assertThat(store.keys()).containsExactly("f");
      assertThat(mounted.object("f")).isEqualTo("hello");
    }
  }

  @Test
  void stagingThatIsFullIsEnospcAndLosesNothing() {
    try (Mounted mounted = new Mounted(store, ASYNC, 1000)) {
      storeTakesNothing();
      mounted.write("f", bytes(900));
      try (Mounted.Open file = mounted.create("g")) {
        assertThatThrownBy(() -> file.write(0, bytes(200)))
            .isInstanceOfSatisfying(
                FuseException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
      }
      assertThat(mounted.read("f")).isEqualTo(bytes(900));
      storeIsBack();
      await().untilAsserted(() -> assertThat(store.bytes("f")).hasValue(bytes(900)));
    }
  }

  @Test
  void theEndOfTheProcessLeavesWhatOssDoesNotTakeToTheNextOne() throws IOException {
    Mounted first = mounted();
    storeTakesNothing();
    first.write("f", "hello");
    first.tree.close();
    assertThat(aside(first)).isEmpty();
    try (Mounted next = first.nextWithoutSession(Duration.ZERO)) {
      storeIsBack();
      awaitObject("f", "hello");
      assertThat(next.text("f")).isEqualTo("hello");
    }
  }

  @Test
  void aSessionMaySayItForItself() {
    Modes.Own own = new Modes.Own(Optional.empty(), Optional.of(WriteMode.THROUGH));
    SessionView through =
        new SessionView("", false, OptionalInt.empty(), OptionalInt.empty(), 0, false, own);
    try (Mounted mounted = mounted();
        Mounted session = mounted.session(through)) {
      storeTakesNothing();
      assertThatThrownBy(() -> session.write("f", "hello")).isInstanceOf(FuseException.class);
      storeIsBack();
      session.write("g", "hello");
      assertThat(mounted.object("g")).isEqualTo("hello");
    }
  }

  @Test
  void whatIsSetOfAPendingFileGoesUpWithIt() {
    Mounted killed = mounted();
    storeTakesNothing();
    killed.write("f", "hello");
    killed.chmod("f", 0600);
    try (Mounted next = killed.nextWithoutSession(Duration.ZERO)) {
      storeIsBack();
      awaitObject("f", "hello");
      assertThat(next.stat("f").mode() & 0777).isEqualTo(0600);
      assertThat(store.head("f").orElseThrow().user().orElseThrow()).containsEntry("mode", "33152");
    }
  }
}
