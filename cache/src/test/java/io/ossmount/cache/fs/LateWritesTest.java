package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Write mode Through: what a killed process left goes over nothing that others wrote meanwhile. */
@Timeout(60)
final class LateWritesTest {
  private static final int APPEND = OpenFlags.WRITE_ONLY | OpenFlags.APPEND;
  private static final int TRUNCATE = OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE;

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] large() {
    byte[] bytes = new byte[3 * (int) Mounted.PART_BYTES];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private List<String> conflicts() {
    return store.keys().stream().filter(key -> key.contains(".conflict-")).toList();
  }

  private void awaitUploaded(Mounted mounted) {
    await().until(() -> mounted.tree.background().tasks() == 0);
    await().until(() -> mounted.tree.activity().pending().objects() == 0);
    await().until(() -> mounted.tree.claimedFiles().isEmpty());
  }

  /** Another node writes right before this one makes an object; once. */
  private void elsewhereRightBefore(String making, String key, byte[] bytes, Runnable then) {
    AtomicBoolean isOver = new AtomicBoolean();
    store.before((call, of) -> {
      if (call.equals(making) && of.equals(key) && isOver.compareAndSet(false, true)) {
        store.with(key, bytes);
        then.run();
      }
    });
  }

  @Test
  void whatSomebodyElseWroteMeanwhileKeepsTheNameAndBothAreThere() {
    store.with("old", bytes("old"));
    Mounted killed = new Mounted(store);
    killed.closedMeanwhile(killed.create("new").write(0, "mine"));
    killed.closedMeanwhile(killed.open("old", TRUNCATE).write(0, "mine too"));
    store.with("new", bytes("theirs"));
    store.with("old", bytes("theirs too"));
    try (Mounted next = killed.next()) {
      await().until(() -> conflicts().size() == 2);
      awaitUploaded(next);
      assertThat(next.object("new")).isEqualTo("theirs");
      assertThat(next.object("old")).isEqualTo("theirs too");
      assertThat(conflicts().stream().map(next::object))
          .containsExactlyInAnyOrder("mine", "mine too");
      PendingWrites pending = next.tree.activity().pending();
      assertThat(pending.conflicts()).isEqualTo(2);
      assertThat(conflicts()).contains(pending.lastConflict().orElseThrow().kept());
      assertThat(next.text("new")).isEqualTo("theirs");
    }
  }

  @Test
  void whatNobodyElseWroteGoesWhereItBelongs() {
    store.with("old", bytes("old"));
    Mounted killed = new Mounted(store);
    killed.closedMeanwhile(killed.create("new").write(0, "mine"));
    killed.closedMeanwhile(killed.create("large").write(0, large()));
    killed.closedMeanwhile(killed.open("old", TRUNCATE).write(0, "mine too"));
    try (Mounted next = killed.next()) {
      awaitUploaded(next);
      assertThat(store.keys()).containsExactly("large", "new", "old");
      assertThat(next.object("new")).isEqualTo("mine");
      assertThat(store.bytes("large")).hasValue(large());
      assertThat(next.object("old")).isEqualTo("mine too");
    }
  }

  @Test
  void nothingIsReplacedBetweenTheLookAndTheUpload() {
    Mounted killed = new Mounted(store);
    killed.closedMeanwhile(killed.create("new").write(0, "mine"));
    elsewhereRightBefore("put", "new", bytes("theirs"), () -> {});
    try (Mounted next = killed.next()) {
      awaitUploaded(next);
      assertThat(next.object("new")).isEqualTo("theirs");
      assertThat(conflicts()).singleElement().extracting(next::object).isEqualTo("mine");
    }
  }

  @Test
  void nothingIsReplacedBetweenTheLookAndTheEndOfALargeUpload() {
    Mounted killed = new Mounted(store);
    killed.closedMeanwhile(killed.create("new").write(0, large()));
    elsewhereRightBefore("completeUpload", "new", bytes("theirs"), () -> {});
    try (Mounted next = killed.next()) {
      awaitUploaded(next);
      assertThat(next.object("new")).isEqualTo("theirs");
      assertThat(store.bytes(conflicts().getFirst())).hasValue(large());
      assertThat(store.uploads()).isZero();
    }
  }

  @Test
  void whatOssHadMadeAndDidNotSayIsNoConflict() {
    for (boolean isRepeatedAtOnce : List.of(true, false)) {
      String key = "f-" + isRepeatedAtOnce;
      Mounted killed = new Mounted(store);
      killed.closedMeanwhile(killed.create(key).write(0, "mine"));
      elsewhereRightBefore(
          "put",
          key,
          bytes("mine"),
          () -> {
            if (!isRepeatedAtOnce) {
              throw new StoreException.Unavailable("the answer is lost");
            }
          });
      try (Mounted next = killed.next()) {
        awaitUploaded(next);
        assertThat(next.object(key)).isEqualTo("mine");
        assertThat(conflicts()).isEmpty();
      }
    }
  }

  @Test
  void whoWritesOnIsTheLastWriter() {
    Mounted killed = new Mounted(store);
    Mounted.Open file = killed.create("new").write(0, "mine");
    Mounted.Open renamed = killed.create("tmp").write(0, "renamed");
    store.with("new", bytes("theirs"));
    store.with("target", bytes("theirs"));
    try (Mounted next = killed.next()) {
      next.again(file).write(4, ", again").flush();
      assertThat(next.object("new")).isEqualTo("mine, again");
      next.rename("tmp", "target");
      assertThat(next.object("target")).isEqualTo("renamed");
      next.again(file).release();
      next.again(renamed).release();
      assertThat(conflicts()).isEmpty();
    }
  }

  @Test
  void aSessionThatComesAfterYetAnotherKillFindsWhatItsFileHasBecome() {
    store.with("log", bytes("old"));
    Mounted killed = new Mounted(store);
    Mounted other = killed.session(SessionView.WHOLE);
    Mounted.Open mine = killed.open("log", APPEND).write(3, " mine");
    Mounted.Open theirs = other.open("log", APPEND);
    Mounted next = killed.next();
    store.with("log", bytes("old theirs"));
    next.again(mine).fsync();
    assertThat(next.object("log")).isEqualTo("old theirs mine");
    try (Mounted last = next.next();
        Mounted late = last.withSessionOf(other)) {
      late.again(theirs).write(15, " more").fsync();
      assertThat(last.object("log")).isEqualTo("old theirs mine more");
    }
  }

  @Test
  void whatIsEmptyGoesOverNothingEither() {
    store.with("old", bytes("old"));
    Mounted killed = new Mounted(store);
    Mounted.Open made = killed.create("new");
    Mounted.Open cut = killed.open("old", TRUNCATE);
    Mounted.Open free = killed.create("free");
    store.with("new", bytes("theirs"));
    store.with("old", bytes("theirs too"));
    try (Mounted next = killed.next()) {
      next.again(made).fsync().release();
      next.again(cut).flush().release();
      next.again(free).flush().release();
      awaitUploaded(next);
      assertThat(next.object("new")).isEqualTo("theirs");
      assertThat(next.object("old")).isEqualTo("theirs too");
      assertThat(next.object("free")).isEmpty();
      assertThat(conflicts().stream().map(next::object)).containsExactly("", "");
    }
  }

  @Test
  void whatIsCutAndWrittenWhileItIsRenamedIsNoConflict() {
    store.with("old", bytes("old"));
    Mounted killed = new Mounted(store);
    Mounted.Open file = killed.open("old", TRUNCATE).write(0, "once");
    AtomicBoolean isOver = new AtomicBoolean();
    store.before((call, key) -> {
      if (call.equals("delete") && isOver.compareAndSet(false, true)) {
        file.truncate(0).write(0, "again");
      }
    });
    killed.rename("old", "new");
    killed.closedMeanwhile(file);
    try (Mounted next = killed.next()) {
      awaitUploaded(next);
      assertThat(next.object("new")).isEqualTo("again");
      assertThat(store.keys()).containsExactly("new");
    }
  }

  @Test
  void aCloseThatWaitsKeepsBothAsWell() {
    Mounted killed = new Mounted(store);
    Mounted.Open file = killed.create("new").write(0, "mine");
    store.with("new", bytes("theirs"));
    try (Mounted next = killed.next()) {
      next.pass(Duration.ofMinutes(2));
      next.again(file).flush().release();
      assertThat(next.object("new")).isEqualTo("theirs");
      assertThat(conflicts()).singleElement().extracting(next::object).isEqualTo("mine");
    }
  }
}
