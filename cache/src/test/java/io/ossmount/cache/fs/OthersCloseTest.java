package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.config.WriteMode;
import io.ossmount.cache.fs.Mounted.Open;
import io.ossmount.cache.serve.Processes;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import io.ossmount.fuse.Caller;
import io.ossmount.fuse.OpenFlags;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whose close(2) uploads a file. Threads 40 to 49 are those of one process, which makes the files,
 * and so on with each ten.
 */
final class OthersCloseTest {
  private static final Caller WRITER = Mounted.CALLER;
  private static final Caller OTHER_THREAD = thread(43);
  private static final Caller CHILD = thread(50);
  private static final Caller KERNEL = thread(0);

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final Set<Integer> dead = new HashSet<>();
  private final Processes processes =
      (tasks, other) ->
          tasks.stream()
              .allMatch(task -> !dead.contains(task.tid()) && task.tid() / 10 != other / 10);
  private Mounted mounted = withProcesses(new Mounted(store));

  private static Caller thread(int number) {
    return new Caller(1000, 1000, number);
  }

  private Mounted withProcesses(Mounted of) {
    of.processes = processes;
    return of;
  }

  @AfterEach
  void close() {
    mounted.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private boolean isInOss(String key) {
    return store.bytes(key).isPresent();
  }

  @Test
  void aProcessThatHasWrittenNothingUploadsNothing() {
    Open file = mounted.create("f").write(0, "half");
    file.flush(CHILD);
    assertThat(isInOss("f")).isFalse();

    file.write(4, " and all").flush(WRITER);
    assertThat(mounted.object("f")).isEqualTo("half and all");
    file.release();
  }

  @Test
  void anyThreadOfTheWriterUploads() {
    Open file = mounted.create("f").write(0, "x");
    file.flush(OTHER_THREAD);
    assertThat(mounted.object("f")).isEqualTo("x");
    file.release();
  }

  @Test
  void aChildThatHasWrittenUploadsAlsoWhenItsParentWroteLast() {
    Open file = mounted.create("f");
    file.write(CHILD, 0, bytes("child,")).write(6, "parent");
    file.flush(CHILD);
    assertThat(mounted.object("f")).isEqualTo("child,parent");
    file.release();
  }

  @Test
  void whoWroteBeforeTheLastUploadHasNothingToSayOfTheNext() {
    Open file = mounted.create("f");
    file.write(CHILD, 0, bytes("child,")).flush(CHILD);
    file.write(6, "parent");
    file.flush(CHILD);
    assertThat(mounted.object("f")).isEqualTo("child,");
    file.flush(WRITER);
    assertThat(mounted.object("f")).isEqualTo("child,parent");
    file.release();
  }

  @Test
  void theCloseOfAnyoneUploadsWhatADeadProcessHasWritten() {
    Open file = mounted.create("f");
    file.write(thread(60), 0, bytes("x"));
    dead.add(60);
    file.flush(CHILD);
    assertThat(mounted.object("f")).isEqualTo("x");
    file.release();
  }

  @Test
  void aCloserOrAWriterThatCannotBeSeenUploads() {
    Open file = mounted.create("f").write(0, "x");
    file.flush(KERNEL);
    assertThat(mounted.object("f")).isEqualTo("x");
    // Pages that were changed through a mapping.
    file.write(KERNEL, 0, bytes("y")).write(1, "z");
    file.flush(CHILD);
    assertThat(mounted.object("f")).isEqualTo("yz");
    file.release();
  }

  @Test
  void whoCutsAFileHasChangedIt() {
    mounted.write("f", "long");
    Open file = mounted.open("f", OpenFlags.WRITE_ONLY);
    file.truncate(thread(60), 2);
    file.flush(CHILD);
    assertThat(mounted.object("f")).isEqualTo("long");
    file.truncate(CHILD, 1);
    file.flush(CHILD);
    assertThat(mounted.object("f")).isEqualTo("l");
    file.release();

    Open emptied = mounted.open("f", OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE);
    emptied.flush(CHILD);
    assertThat(mounted.object("f")).isEqualTo("l");
    emptied.flush(WRITER);
    assertThat(mounted.object("f")).isEmpty();
    emptied.release();
  }

  @Test
  void anotherDescriptorOfTheFileMakesNoDifference() {
    Open file = mounted.create("f").write(0, "x");
    Open other = mounted.open("f", OpenFlags.WRITE_ONLY | OpenFlags.APPEND);
    other.flush(CHILD);
    other.release();
    assertThat(isInOss("f")).isFalse();
    file.close();
    assertThat(mounted.object("f")).isEqualTo("x");
  }

  @Test
  void whatNobodyHasClosedGoesUpWithTheLastDescriptor() {
    Open file = mounted.create("f").write(0, "x");
    file.flush(CHILD);
    file.release();
    await().until(() -> isInOss("f"));
  }

  @Test
  void withAsynchronousWritesItPromisesNothingEither() {
    SessionView async =
        new SessionView(
            "",
            false,
            OptionalInt.empty(),
            OptionalInt.empty(),
            0,
            false,
            new Modes.Own(Optional.empty(), Optional.of(WriteMode.ASYNC)));
    Mounted session = withProcesses(mounted.session(async));
    Open file = session.create("f").write(0, "x");
    file.flush(CHILD);
    assertThat(mounted.tree.async().pending().objects()).isZero();
    file.flush(WRITER);
    assertThat(mounted.tree.async().pending().objects()).isEqualTo(1);
    file.release();
    session.close();
  }

  @Test
  void afterTheServerWasKilledItIsNotKnownWhoWroteBefore() {
    Open file = mounted.create("f").write(0, "x");
    mounted = withProcesses(mounted.next());
    write(file, 1, "y");
    flush(file, CHILD);
    assertThat(mounted.object("f")).isEqualTo("xy");
    // What is written from now on is.
    write(file, 2, "z");
    flush(file, CHILD);
    assertThat(mounted.object("f")).isEqualTo("xy");
    flush(file, OTHER_THREAD);
    assertThat(mounted.object("f")).isEqualTo("xyz");
  }

  private void write(Open kept, long offset, String text) {
    MemorySegment from = MemorySegment.ofArray(bytes(text));
    Mounted.await(mounted.session.write(WRITER, kept.node, kept.handle, offset, from));
  }

  private void flush(Open kept, Caller caller) {
    Mounted.await(mounted.session.flush(caller, kept.node, kept.handle));
  }
}
