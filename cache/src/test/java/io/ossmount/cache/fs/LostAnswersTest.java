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
      throw new StoreException.Unavailable("away");
    });
  }

  private void storeIsBack() {
    store.before((name, key) -> {});
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
      await().untilAsserted(() -> assertThat(mounted.object("f")).isEqualTo("hello again"));
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
    try (Mounted next = killed.nextWithoutSession(Duration.ZERO)) {
      storeIsBack();
      await().untilAsserted(() -> assertThat(next.object("f")).isEqualTo("hello again"));
      assertThat(store.keys()).containsExactly("f");
    }
  }
}
