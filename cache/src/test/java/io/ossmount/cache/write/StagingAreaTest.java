package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier process left is found, gone on with, or set aside. */
final class StagingAreaTest {
  private static final long CAPACITY = 1 << 20;
  private static final StagingTarget TARGET = new StagingTarget("bucket", "dir/", "");

  @TempDir Path directory;

  private StagingArea open() {
    return StagingArea.open(directory, CAPACITY);
  }

  private StagingArea openFor(String below, StagingBudget budget, StagingTarget target) {
    return StagingArea.open(directory.resolve(below), budget, target);
  }

  private StagingArea openFor(StagingTarget target) {
    return openFor("", new StagingBudget(CAPACITY), target);
  }

  private static StagedFile write(StagedFile file, long offset, String text) {
    file.write(offset, MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    return file;
  }

  private static String text(StagedFile file) {
    MemorySegment all = MemorySegment.ofArray(new byte[(int) file.size()]);
    int _ = file.read(0, all, Optional.empty());
    return new String(all.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private List<String> names(String below) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(below))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void areasShareTheirBytes() throws IOException {
    StagingBudget budget = new StagingBudget(10);
    StagingArea one = openFor("one", budget, TARGET);
    StagingArea other = openFor("two", budget, TARGET);
    StagedFile file = write(one.create("f", Optional.empty()), 0, "12345678");
    StagedFile more = other.create("f", Optional.empty());
    assertThatThrownBy(() -> write(more, 0, "123")).isInstanceOf(StagingFullException.class);
    file.discard();
    write(more, 0, "123");
    assertThat(one.usedBytes()).isEqualTo(3);
    more.discard();
  }

  @Test
  void aFileIsResumedAsItWas() {
    ObjectVersion base = new ObjectVersion("dir/f", "etag", 3);
    WriteIntent intent =
        new WriteIntent(
            true,
            false,
            Optional.empty(),
            new ObjectMetadata(Optional.empty(), Map.of("mode", "33188")));
    StagedFile file = open().create("dir/f", Optional.of(base));
    write(file, 0, "one").write(3, MemorySegment.ofArray(new byte[] {'!'}));
    file.renamed("dir/g");
    file.intend(intent);
    file.closed();

    StagingArea area = open();
    assertThat(area.orphans())
        .containsExactly(
            new Orphan(
                file.name(),
                "dir/g",
                Optional.of(base),
                true,
                Optional.empty(),
                Optional.empty(),
                true));
    StagedFile resumed = area.resume(file.name()).orElseThrow();
    assertThat(text(resumed)).isEqualTo("one!");
    assertThat(resumed.key()).isEqualTo("dir/g");
    assertThat(resumed.base()).contains(base);
    assertThat(resumed.isAppendTo(3)).isFalse();
    assertThat(resumed.isLocal(0, 4)).isTrue();
    assertThat(resumed.intent()).isEqualTo(intent);
    assertThat(resumed.isClosed()).isTrue();
    assertThat(resumed.name()).isEqualTo(file.name());
    assertThat(area.orphans()).isEmpty();
    assertThat(area.resume(file.name())).isEmpty();
  }

  @Test
  void afterTheMachineWasStartedAnewOnlyWhatWasSyncedGoesOn() throws IOException {
    StagedFile closed = write(open().create("closed", Optional.empty()), 0, "one");
    closed.closed();
    StagedFile promised = write(open().create("promised", Optional.empty()), 0, "two");
    promised.intend(
        new WriteIntent(
            false, false, Optional.empty(), new ObjectMetadata(Optional.empty(), Map.of())));
    assertThat(promised.promise()).isTrue();
    Files.writeString(directory.resolve("boot/id"), "another\n");

    assertThat(open().orphans()).extracting(Orphan::key).containsExactly("promised");
    assertThat(directory.resolve("aside").resolve(closed.name())).hasContent("one");
    // The next process is not the first one after the start.
    write(open().create("third", Optional.empty()), 0, "three").closed();
    assertThat(open().orphans())
        .extracting(Orphan::key)
        .containsExactlyInAnyOrder("promised", "third");
  }

  @Test
  void afterTheMachineWasStartedAnewWhatIsStillOpenIsKeptAside() throws IOException {
    var base = new ObjectVersion("over", "etag", 3);
    StagedFile made = write(open().create("made", Optional.empty()), 0, "one");
    StagedFile over = write(open().create("over", Optional.of(base)), 1, "two");
    Files.writeString(directory.resolve("boot/id"), "another\n");

    assertThat(open().orphans()).isEmpty();
    assertThat(directory.resolve("aside").resolve(made.name())).hasContent("one");
    assertThat(directory.resolve("aside").resolve(over.name())).hasContent("\0two");
  }

  @Test
  void afterTheMachineWasStartedAnewNothingIsPromisedOfWhatWasCutSince() throws IOException {
    StagedFile longer = write(open().create("longer", Optional.empty()), 0, "one");
    assertThat(longer.promise()).isTrue();
    longer.truncate(5);
    StagedFile cut = write(open().create("cut", Optional.empty()), 0, "two");
    assertThat(cut.promise()).isTrue();
    cut.truncate(0);
    write(cut, 0, "other");
    Files.writeString(directory.resolve("boot/id"), "another\n");

    assertThat(open().orphans()).extracting(Orphan::key).containsExactly("longer");
    assertThat(directory.resolve("aside").resolve(cut.name())).hasContent("other");
  }

  @Test
  void whatIsStagedForAnotherBucketOrDirectoryIsNotTakenForOnesOwn() throws IOException {
    List<StagingTarget> others =
        List.of(new StagingTarget("other", "dir/", ""), new StagingTarget("bucket", "dir/b/", ""));
    for (StagingTarget other : others) {
      StagedFile promised = write(openFor(TARGET).create("dir/f", Optional.empty()), 0, "one");
      promised.journal().append(new JournalRecord.Upload("id", "dir/f"));
      assertThat(promised.promise()).isTrue();

      StagingArea area = openFor(other);
      assertThat(area.orphans()).isEmpty();
      assertThat(area.leftUploads()).isEmpty();
      assertThat(area.setAsideAtOpen()).isEqualTo(1);
      assertThat(names("")).isEmpty();
      assertThat(directory.resolve("aside").resolve(promised.name())).hasContent("one");
      // What the new one stages is its own.
      write(area.create("f", Optional.empty()), 0, "two").closed();
      assertThat(openFor(other).orphans()).extracting(Orphan::key).containsExactly("f");

      // Moved back, as the log says, it is what it was.
      assertThat(openFor(TARGET).setAsideAtOpen()).isEqualTo(1);
      for (String name : List.of(promised.name(), promised.name() + StagingJournal.SUFFIX)) {
        Files.move(directory.resolve("aside").resolve(name), directory.resolve(name));
      }
      StagedFile again = openFor(TARGET).resume(promised.name()).orElseThrow();
      assertThat(text(again)).isEqualTo("one");
      assertThat(again.isPromised()).isTrue();
      again.discard();
      openFor(TARGET)
          .leftUploads()
          .forEach(left -> {
            left.append(new JournalRecord.UploadEnded("id"));
          });
    }
  }

  @Test
  void aDirectoryOfAnOlderReleaseIsTakenAsItIs() throws IOException {
    write(open().create("dir/f", Optional.empty()), 0, "one").closed();
    assertThat(directory.resolve("target")).doesNotExist();
    assertThat(openFor(TARGET).orphans()).extracting(Orphan::key).containsExactly("dir/f");
    assertThat(directory.resolve("target/name")).hasContent("bucket\ndir/\n\n");
    assertThat(openFor(new StagingTarget("bucket", "dir/", "raw")).orphans()).hasSize(1);
  }

  @Test
  void whatWaitedForLongIsKeptFromNowOn() throws IOException {
    StagedFile file = write(openFor(TARGET).create("f", Optional.empty()), 0, "one");
    Files.setLastModifiedTime(file.path(), FileTime.from(Instant.now().minus(Duration.ofDays(30))));
    StagingTarget other = new StagingTarget("other", "", "");
    assertThat(openFor(other).orphans()).isEmpty();
    assertThat(openFor(other).setAsideAtOpen()).isZero();
    assertThat(names("aside")).contains(file.name());
  }

  @Test
  void aTargetIsWhatItsMarkerSays() {
    StagingTarget odd = new StagingTarget("bucket", "a\nb%0A/%25", "raw/2024");
    assertThat(StagingTarget.of(odd.text())).contains(odd);
    assertThat(StagingTarget.of("")).isEmpty();
    assertThat(StagingTarget.of("bucket\ndir")).isEmpty();
  }

  @Test
  void aWriteAfterTheLastCloseOpensTheFileAgain() {
    StagedFile file = write(open().create("f", Optional.empty()), 0, "one");
    file.closed();
    write(file, 0, "two");
    assertThat(open().resume(file.name()).orElseThrow().isClosed()).isFalse();
  }

  @Test
  void aResumedFileIsGoneOnWithAndResumedAgain() {
    StagedFile file = write(open().create("f", Optional.empty()), 0, "one");
    for (String word : List.of(" two", " three")) {
      StagedFile resumed = open().resume(file.name()).orElseThrow();
      write(resumed, resumed.size(), word);
    }
    assertThat(text(open().resume(file.name()).orElseThrow())).isEqualTo("one two three");
  }

  @Test
  void whatIsResumedCountsAndIsGivenBack() {
    StagedFile file = write(open().create("f", Optional.empty()), 1000, "0123456789");
    StagingArea area = open();
    StagedFile resumed = area.resume(file.name()).orElseThrow();
    assertThat(area.usedBytes()).isEqualTo(10);
    write(resumed, 1005, "0123456789");
    assertThat(area.usedBytes()).isEqualTo(15);
    resumed.truncate(1002);
    assertThat(area.usedBytes()).isEqualTo(2);
    resumed.discard();
    assertThat(area.usedBytes()).isZero();
  }

  @Test
  void whatIsSetAsideIsKept() throws IOException {
    StagedFile file = write(open().create("f", Optional.empty()), 0, "one");
    StagingArea area = open();
    area.setAside(file.name());
    assertThat(names("aside")).containsExactly(file.name());
    assertThat(directory.resolve("aside").resolve(file.name())).hasContent("one");
    assertThat(names("")).isEmpty();
    assertThat(area.orphans()).isEmpty();
    assertThat(area.usedBytes()).isZero();
  }

  @Test
  void aFileThatEndsLeavesNothing() throws IOException {
    StagingArea area = open();
    write(area.create("f", Optional.empty()), 0, "one").discard();
    StagedFile moved = write(area.create("g", Optional.empty()), 0, "one");
    Files.delete(moved.path());
    moved.handOver();
    assertThat(names("")).isEmpty();
  }

  @Test
  void whatOssHasMadeIsNotKept() throws IOException {
    StagingArea before = open();
    StagedFile here = write(before.create("f", Optional.empty()), 0, "one");
    StagedFile moved = write(before.create("g", Optional.empty()), 0, "one");
    for (StagedFile file : List.of(here, moved)) {
      file.journal().append(new JournalRecord.Done(new ObjectVersion("f", "made", 3)));
    }
    Files.delete(moved.path());

    StagingArea area = open();
    assertThat(area.orphans())
        .extracting(Orphan::isHere, orphan -> orphan.made().orElseThrow().etag())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(true, "made"),
            org.assertj.core.groups.Tuple.tuple(false, "made"));
    assertThat(area.resume(moved.name())).isEmpty();
    area.orphans().forEach(orphan -> area.setAside(orphan.name()));
    assertThat(names("")).isEmpty();
    assertThat(names("aside")).isEmpty();
  }

  @Test
  void aFileWhoseJournalIsLostOrDamagedIsKeptAside() throws IOException {
    StagingArea before = open();
    StagedFile lost = write(before.create("lost", Optional.empty()), 0, "one");
    Files.delete(journal(lost));
    StagedFile other = write(before.create("other", Optional.empty()), 0, "one");
    Files.writeString(journal(other), "something else");
    StagedFile hole = write(before.create("hole", Optional.empty()), 0, "one");
    write(hole, 100, "two").renamed("away");
    byte[] bytes = Files.readAllBytes(journal(hole));
    bytes[bytes.length - 3 * JournalRecord.SLOT + 20] ^= 1;
    Files.write(journal(hole), bytes);
    StagedFile shorter = write(before.create("shorter", Optional.empty()), 0, "one");
    Files.write(shorter.path(), new byte[2]);

    assertThat(open().orphans()).isEmpty();
    assertThat(names("")).isEmpty();
    assertThat(names("aside"))
        .containsExactlyInAnyOrder(lost.name(), other.name(), hole.name(), shorter.name());
  }

  private Path journal(StagedFile file) {
    return directory.resolve(file.name() + StagingJournal.SUFFIX);
  }

  @Test
  void keysThatLookLikeJournalsAreFiles() {
    StagingArea before = open();
    List<String> keys = List.of("a.journal", "b.journal.new", "c");
    keys.forEach(key -> write(before.create(key, Optional.empty()), 0, key));
    StagingArea area = open();
    assertThat(area.orphans()).extracting(Orphan::key).containsExactlyElementsOf(keys);
    for (Orphan orphan : area.orphans()) {
      assertThat(text(area.resume(orphan.name()).orElseThrow())).isEqualTo(orphan.key());
    }
  }

  @Test
  void aSequentialWriterHasAJournalOfOneRecord() throws IOException {
    StagedFile file = open().create("f", Optional.empty());
    write(file, 0, "x");
    long size = Files.size(journal(file));
    for (int i = 1; i < 5000; i++) {
      write(file, i, "x");
    }
    for (int i = 0; i < 5000; i += 7) {
      write(file, i, "y");
    }
    assertThat(Files.size(journal(file))).isEqualTo(size);
    assertThat(open().resume(file.name()).orElseThrow().writtenBytes()).isEqualTo(5000);
  }

  @Test
  void aLongJournalIsWrittenAnew() throws IOException {
    StagedFile file = open().create("f", Optional.empty());
    file.journal().append(new JournalRecord.Upload("id", "f"));
    for (int i = 0; i < 20_000; i++) {
      write(file, 100L * (i % 50), "x");
      file.truncate(100L * (i % 50));
    }
    write(file, 7, "end");
    assertThat(Files.size(journal(file))).isLessThan(200L << 10);
    StagedFile resumed = open().resume(file.name()).orElseThrow();
    assertThat(resumed.journal().state().records()).isEqualTo(file.journal().state().records());
    assertThat(names("")).hasSize(2);
  }

  @Test
  void bytesBehindWhatWasAnsweredDoNotShow() throws IOException {
    StagedFile file = write(open().create("f", Optional.empty()), 0, "one");
    Files.writeString(file.path(), "one and what was not answered");
    StagedFile resumed = open().resume(file.name()).orElseThrow();
    resumed.truncate(5);
    assertThat(text(resumed)).isEqualTo("one\0\0");
  }

  @Test
  void namesDoNotComeAgain() {
    String first = open().create("f", Optional.empty()).name();
    String second = StagingArea.open(directory, CAPACITY).create("f", Optional.empty()).name();
    assertThat(Arrays.asList(first, second)).doesNotHaveDuplicates();
  }
}
