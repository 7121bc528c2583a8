package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.config.ReadMode;
import io.ossmount.cache.config.WriteMode;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * OSS has made the object, and the answer was lost: what it has then is nobody else's version, and
 * nothing is doubled, set aside or left under a name that is gone.
 */
@Timeout(60)
final class LostAnswersTest {
  private static final int APPEND = OpenFlags.WRITE_ONLY | OpenFlags.APPEND;

  private static final ThreadLocal<Boolean> ELSEWHERE = ThreadLocal.withInitial(() -> false);

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private Mounted async() {
    var modes = new Modes(ReadMode.CACHE, WriteMode.ASYNC);
    Duration minute = Duration.ofSeconds(60);
    MountOptions options =
        new MountOptions("", minute, minute, minute, MountOptions.Defaults.USUAL, false, modes);
    return new Mounted(store, options, 1 << 30);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The next {@code call} makes the object, and is not answered; nor is anything after it. */
  private void lose(String call, byte[] made) {
    store.before((name, key) -> {
      if (name.equals(call)) {
        storeIsBack();
        assertThat(store.with(key, made).key()).isEqualTo(key);
        storeIsAway();
        throw new StoreException.Unavailable("the answer is lost");
      }
    });
  }

  private void lose(String call, String made) {
    lose(call, bytes(made));
  }

  private void storeIsAway() {
    store.before((name, key) -> {
      if (!ELSEWHERE.get()) {
        throw new StoreException.Unavailable("away");
      }
    });
  }

  private void storeIsBack() {
    store.before((name, key) -> {});
  }

  private void awaitObject(String key, String text) {
    await().untilAsserted(() -> assertThat(store.bytes(key)).hasValue(bytes(text)));
  }

  /** What another node makes, which does not share our trouble. */
  private void elsewhere(String key, String text) {
    ELSEWHERE.set(true);
    store.with(key, bytes(text));
    ELSEWHERE.set(false);
  }

  private static void failsToSync(Mounted.Open file) {
    assertThatThrownBy(file::fsync).isInstanceOf(FuseException.class);
  }

  private static List<Path> aside(Mounted mounted) throws IOException {
    try (Stream<Path> files = Files.list(mounted.staging.resolve("aside"))) {
      return files.toList();
    }
  }

  @Test
  void whatWasAppendedIsThereOnceWhenFsyncIsAskedAgain() {
    store.with("log", bytes(""));
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.open("log", APPEND).write(0, "line\n")) {
      lose("put", "line\n");
      failsToSync(file);
      storeIsBack();
      mounted.pass(Duration.ofSeconds(2));
      file.fsync();
      assertThat(mounted.object("log")).isEqualTo("line\n");
    }
  }

  @Test
  void aFileThatOssHasIsNotSetAsideAfterACloseThatFailed() throws IOException {
    store.with("f", bytes("0123456789"));
    try (Mounted mounted = new Mounted(store)) {
      Mounted.Open file = mounted.open("f", OpenFlags.READ_WRITE).write(3, "X");
      mounted.pass(Duration.ofSeconds(2));
      lose("put", "012X456789");
      assertThatThrownBy(file::flush).isInstanceOf(FuseException.class);
      storeIsBack();
      file.release();
      await().until(() -> mounted.tree.background().tasks() == 0);
      assertThat(aside(mounted)).isEmpty();
      assertThat(mounted.text("f")).isEqualTo("012X456789");
      assertThat(store.calls("put")).isEqualTo(3);
    }
  }

  @Test
  void whoAppendsOnAfterwardsAppendsToWhatOssHas() {
    store.with("f", bytes("one"));
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.open("f", APPEND).write(3, " two")) {
      lose("put", "one two");
      failsToSync(file);
      file.write(7, " three");
      storeIsBack();
      mounted.pass(Duration.ofSeconds(2));
      file.fsync();
      assertThat(mounted.object("f")).isEqualTo("one two three");
      store.with("f", bytes("theirs"));
      mounted.pass(Duration.ofSeconds(2));
      file.write(13, "!").fsync();
      assertThat(mounted.object("f")).isEqualTo("theirs!");
    }
  }

  @Test
  void whoWritesOnAfterwardsStandsOnWhatOssHas() {
    byte[] old = new byte[(int) (6 * Mounted.PART_BYTES)];
    new Random(1).nextBytes(old);
    store.with("f", old);
    byte[] first = old.clone();
    first[7] = 'x';
    byte[] second = first.clone();
    second[9] = 'y';
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = mounted.open("f", OpenFlags.READ_WRITE).write(7, "x")) {
      lose("completeUpload", first);
      failsToSync(file);
      file.write(9, "y");
      storeIsBack();
      file.fsync();
      assertThat(store.bytes("f")).hasValue(second);
      assertThat(store.uploads()).isZero();
    }
  }

  @Test
  void whatSomebodyElseWroteInsteadIsNotReplaced() throws IOException {
    store.with("f", bytes("0123456789"));
    try (Mounted mounted = new Mounted(store)) {
      Mounted.Open file = mounted.open("f", OpenFlags.READ_WRITE).write(3, "X");
      lose("put", "theirs");
      failsToSync(file);
      file.write(4, "Y");
      storeIsBack();
      file.release();
      await().until(() -> mounted.tree.background().tasks() == 0);
      assertThat(aside(mounted)).hasSize(1);
      assertThat(mounted.object("f")).isEqualTo("theirs");
    }
  }

  @Test
  void aPromisedFileThatIsWrittenOnHasNoConflictWithItself() {
    try (Mounted mounted = async()) {
      lose("put", "hello");
      mounted.write("f", "hello");
      await().until(() -> mounted.tree.activity().uploads().failed() > 0);
      mounted.append("f", " again");
      storeIsBack();
      awaitObject("f", "hello again");
      assertThat(store.keys()).containsExactly("f");
    }
  }

  @Test
  void whatIsAppendedAfterATruncationIsNotPutBehindWhatOssHas() {
    store.with("f", bytes(""));
    try (Mounted mounted = async()) {
      lose("put", "aaaa");
      mounted.append("f", "aaaa");
      await().until(() -> mounted.tree.activity().uploads().failed() > 0);
      try (Mounted.Open file = mounted.open("f", APPEND | OpenFlags.TRUNCATE)) {
        file.write(0, "bbbbbb");
      }
      storeIsBack();
      awaitObject("f", "bbbbbb");
      assertThat(store.keys()).containsExactly("f");
    }
  }

  @Test
  void norHasItInTheNextProcess() {
    Mounted killed = async();
    lose("put", "hello");
    killed.write("f", "hello");
    await().until(() -> killed.tree.activity().uploads().failed() > 0);
    killed.append("f", " again");
    try (Mounted _ = killed.nextWithoutSession(Duration.ZERO)) {
      storeIsBack();
      awaitObject("f", "hello again");
      assertThat(store.keys()).containsExactly("f");
    }
  }

  private Mounted.Open createdWithoutAnswer(Mounted mounted, String key) {
    Mounted.Open file = mounted.create(key).write(0, "hello");
    lose("put", "hello");
    failsToSync(file);
    return file;
  }

  private void awaitKeys(String... keys) {
    await().untilAsserted(() -> assertThat(store.keys()).containsExactly(keys));
  }

  @Test
  void aNewFileThatIsRemovedIsGoneFromOssToo() {
    try (Mounted mounted = new Mounted(store);
        Mounted.Open file = createdWithoutAnswer(mounted, "f")) {
      storeIsBack();
      mounted.unlink("f");
      assertThat(store.keys()).isEmpty();
      assertThat(file.readAll()).isEqualTo(bytes("hello"));
    }
    assertThat(store.keys()).isEmpty();
  }

  @Test
  void aNewFileThatIsRemovedWhileOssIsAwayGoesWhenItIsBack() {
    try (Mounted mounted = new Mounted(store);
        Mounted.Open _ = createdWithoutAnswer(mounted, "f")) {
      mounted.unlink("f");
      assertThat(mounted.exists("f")).isFalse();
      storeIsBack();
      awaitKeys();
    }
  }

  @Test
  void whatIsMadeUnderItsNameSinceStays() {
    try (Mounted mounted = new Mounted(store);
        Mounted.Open _ = createdWithoutAnswer(mounted, "f")) {
      mounted.unlink("f");
      storeIsBack();
      mounted.write("f", "hello");
      await().until(() -> mounted.tree.background().tasks() == 0);
      assertThat(mounted.object("f")).isEqualTo("hello");
    }
  }

  @Test
  void whatIsMadeElsewhereUnderItsNameSinceStays() {
    try (Mounted mounted = new Mounted(store);
        Mounted.Open _ = createdWithoutAnswer(mounted, "f")) {
      mounted.unlink("f");
      elsewhere("f", "hello");
      storeIsBack();
      await().until(() -> mounted.tree.background().tasks() == 0);
      assertThat(mounted.object("f")).isEqualTo("hello");
    }
  }

  @Test
  void aPromisedFileUnderTheSameNameHasNoConflictWithIt() {
    try (Mounted mounted = async()) {
      lose("put", "hello");
      mounted.write("f", "hello");
      await().until(() -> mounted.tree.activity().uploads().failed() > 0);
      mounted.unlink("f");
      mounted.write("f", "new");
      storeIsBack();
      awaitObject("f", "new");
      await().until(() -> mounted.tree.background().tasks() == 0);
      assertThat(mounted.object("f")).isEqualTo("new");
      awaitKeys("f");
    }
  }

  @Test
  void aNewFileThatIsRenamedIsUnderItsNewNameOnly() {
    try (Mounted mounted = new Mounted(store);
        Mounted.Open _ = createdWithoutAnswer(mounted, "a")) {
      storeIsBack();
      mounted.rename("a", "b");
      assertThat(store.keys()).containsExactly("b");
      assertThat(mounted.object("b")).isEqualTo("hello");
    }
  }

  @Test
  void aPromisedFileThatIsRenamedWhileOssIsAwayIsUnderItsNewNameOnly() {
    try (Mounted mounted = async()) {
      assertThat(mounted.exists("b")).isFalse();
      lose("put", "hello");
      mounted.write("a", "hello");
      await().until(() -> mounted.tree.activity().uploads().failed() > 0);
      mounted.rename("a", "b");
      storeIsBack();
      awaitKeys("b");
      assertThat(mounted.object("b")).isEqualTo("hello");
    }
  }

  @Test
  void aPromisedFileThatIsRenamedOntoAnotherHasNoConflictWithThat() {
    try (Mounted mounted = async()) {
      assertThat(mounted.exists("tmp")).isFalse();
      lose("put", "hello");
      mounted.write("f", "hello");
      await().until(() -> mounted.tree.activity().uploads().failed() > 0);
      mounted.write("tmp", "new");
      mounted.rename("tmp", "f");
      storeIsBack();
      awaitObject("f", "new");
      await().until(() -> mounted.tree.background().tasks() == 0);
      assertThat(mounted.object("f")).isEqualTo("new");
      awaitKeys("f");
    }
  }

  @Test
  void aPromisedFileThatIsRenamedOntoOneThatWasReplacedHasNoConflictWithThat() {
    store.with("f", bytes("old"));
    try (Mounted mounted = async()) {
      replaceAgain(mounted, () -> {});
      storeIsBack();
      awaitObject("f", "new");
      awaitKeys("f");
    }
  }

  @Test
  void norWhenOssTellsOfItBeforeTheRename() {
    store.with("f", bytes("old"));
    try (Mounted mounted = async()) {
      replaceAgain(mounted, this::storeIsBack);
      awaitObject("f", "new");
      awaitKeys("f");
    }
  }

  /** Writes it anew, and then replaces it as editors do; the answer to the first upload is lost. */
  private void replaceAgain(Mounted mounted, Runnable before) {
    assertThat(mounted.exists("tmp")).isFalse();
    int flags = OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE;
    Mounted.Open file = mounted.open("f", flags).write(0, "hello");
    lose("put", "hello");
    file.flush().release();
    await().until(() -> mounted.tree.activity().uploads().failed() > 0);
    mounted.write("tmp", "new");
    before.run();
    mounted.rename("tmp", "f");
  }

  @Test
  void theNextProcessKnowsThatOssMayHaveANewFile() {
    Mounted killed = async();
    lose("put", "hello");
    killed.write("f", "hello");
    await().until(() -> killed.tree.activity().uploads().failed() > 0);
    try (Mounted next = killed.nextWithoutSession(Duration.ZERO)) {
      next.unlink("f");
      storeIsBack();
      awaitKeys();
    }
  }
}
