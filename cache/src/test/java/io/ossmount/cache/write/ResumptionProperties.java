package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** Wherever the process is killed, the next one goes on with a state that was. */
final class ResumptionProperties {
  private static final int CAPACITY = 1 << 20;
  private static final byte[] BASE = base();

  /** What may follow a promise of which nothing is promised. */
  private static final Set<StagedChange.Kind> LATER =
      Set.of(StagedChange.Kind.WRITE, StagedChange.Kind.TRUNCATE);

  private Path directory = Path.of("");

  private static byte[] base() {
    byte[] base = new byte[150];
    Arrays.fill(base, (byte) 0x7f);
    return base;
  }

  @BeforeTry
  void begin() throws IOException {
    directory = Files.createTempDirectory("staging-");
  }

  @AfterTry
  void end() throws IOException {
    delete(directory);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Provide
  Arbitrary<StagedChange> changes() {
    return StagedChange.any();
  }

  @Provide
  Arbitrary<List<StagedChange>> histories() {
    return StagedChange.any().list().ofMaxSize(40);
  }

  private static Optional<HeapObject> under(StagedFile file) {
    return file.base().map(version -> new HeapObject(version, BASE));
  }

  private static byte[] content(StagedFile file) {
    MemorySegment all = MemorySegment.ofArray(new byte[(int) file.size()]);
    int _ = file.read(0, all, under(file));
    return all.toArray(ValueLayout.JAVA_BYTE);
  }

  private StagedFile create(StagingArea area, boolean onTop) {
    return area.create(
        "key",
        onTop ? Optional.of(new ObjectVersion("key", "etag", BASE.length)) : Optional.empty());
  }

  private Path journal(StagedFile file) {
    return directory.resolve(file.name() + StagingJournal.SUFFIX);
  }

  @Property(tries = 300)
  void aJournalThatIsCutAnywhereTellsOfAStateThatWas(
      @ForAll boolean onTop, @ForAll("histories") List<StagedChange> history) throws IOException {
    StagedFile file = create(StagingArea.open(directory, CAPACITY), onTop);
    List<List<JournalRecord>> states = new ArrayList<>();
    states.add(file.journal().state().records());
    for (StagedChange change : history) {
      change.apply(file);
      states.add(file.journal().state().records());
    }
    byte[] bytes = Files.readAllBytes(journal(file));
    for (int cut = 0; cut <= bytes.length; cut++) {
      Optional<StagedState> read = Resumption.read(ByteBuffer.wrap(Arrays.copyOf(bytes, cut)));
      if (read.isPresent()) {
        assertThat(states).as("after %d bytes", cut).contains(read.get().records());
      }
    }
    assertThat(Resumption.read(ByteBuffer.wrap(bytes)).orElseThrow().records())
        .isEqualTo(states.getLast());
    file.release();
  }

  @Property(tries = 300)
  void afterAPowerCutAllThatWasPromisedIsThere(
      @ForAll boolean onTop,
      @ForAll("histories") List<StagedChange> history,
      @ForAll("histories") List<StagedChange> written,
      @ForAll @IntRange(min = 1, max = 20) int later,
      @ForAll @IntRange(max = 60) int lostSlot)
      throws IOException {
    StagedFile file = create(StagingArea.open(directory, CAPACITY), onTop);
    byte[] promised = onTop ? BASE : new byte[0];
    for (StagedChange change : history) {
      change.apply(file);
      promised = change.applied(promised);
    }
    assertThat(file.promise()).isTrue();
    byte[] onDisk = Files.readAllBytes(file.path());
    long journaled = Files.size(journal(file));
    for (int i = 0; i < later; i++) {
      new StagedChange(StagedChange.Kind.APPEND, 0, 10, 7).apply(file);
      file.intend(new WriteIntent(i % 2 == 0, false, Optional.empty(), ObjectMetadata.NONE));
    }
    written.stream()
        .filter(change -> LATER.contains(change.kind()))
        .forEach(change -> change.apply(file));
    boolean isCut = isCut(written, promised);
    file.release();

    // The disk has what was there at the promise, and of what came later this and not that.
    byte[] journal = Files.readAllBytes(journal(file));
    int hole = (int) journaled + lostSlot * JournalRecord.SLOT;
    if (hole < journal.length) {
      Arrays.fill(journal, hole, Math.min(journal.length, hole + JournalRecord.SLOT), (byte) 0);
    }
    Files.write(journal(file), journal);
    Files.write(file.path(), onDisk);
    Files.writeString(directory.resolve("boot/id"), "another\n");

    for (int process = 0; process < 2; process++) {
      Optional<StagedFile> found = StagingArea.open(directory, CAPACITY).resume(file.name());
      if (found.isEmpty()) {
        assertThat(isCut).isTrue();
        return;
      }
      StagedFile resumed = found.get();
      assertThat(resumed.isPromised()).isTrue();
      assertThat(content(resumed)).isEqualTo(promised);
      resumed.release();
    }
  }

  private static boolean isCut(List<StagedChange> changes, byte[] promised) {
    return changes.stream()
        .anyMatch(
            change -> change.kind() == StagedChange.Kind.TRUNCATE && change.at() < promised.length);
  }

  @Property(tries = 500)
  void afterAKillInTheMiddleOfAChangeAllBeforeItIsThere(
      @ForAll boolean onTop,
      @ForAll("histories") List<StagedChange> history,
      @ForAll("changes") StagedChange last,
      @ForAll @IntRange(max = 200) int torn,
      @ForAll boolean cutsData)
      throws IOException {
    StagedFile file = create(StagingArea.open(directory, CAPACITY), onTop);
    byte[] before = onTop ? BASE : new byte[0];
    for (StagedChange change : history) {
      change.apply(file);
      before = change.applied(before);
      assertThat(content(file)).isEqualTo(before);
    }
    List<JournalRecord> known = file.journal().state().records();
    byte[] dataBefore = Files.readAllBytes(file.path());
    byte[] journalBefore = Files.readAllBytes(journal(file));
    last.apply(file);
    byte[] after = last.applied(before);
    List<JournalRecord> knownAfter = file.journal().state().records();
    file.release();

    byte[] journalAfter = Files.readAllBytes(journal(file));
    boolean grew = journalAfter.length > journalBefore.length;
    byte[] journal =
        grew
            ? Arrays.copyOf(
                journalAfter, Math.min(journalAfter.length, journalBefore.length + torn))
            : torn % 2 == 0 ? journalBefore : journalAfter;
    Files.write(journal(file), journal);
    boolean cuts = last.kind() == StagedChange.Kind.TRUNCATE;
    if (cuts && (cutsData || journal.length < journalAfter.length)) {
      // A cut is journaled first.
      Files.write(file.path(), dataBefore);
    }

    StagingArea area = StagingArea.open(directory, CAPACITY);
    StagedFile resumed = area.resume(file.name()).orElseThrow();
    List<JournalRecord> found = resumed.journal().state().records();
    assertThat(found).isIn(known, knownAfter);
    byte[] content = content(resumed);
    byte[] expected = found.equals(knownAfter) ? after : before;
    assertThat(content).hasSize(expected.length);
    int from = Math.min(last.start(before.length), content.length);
    int to = Math.min(from + last.length(), content.length);
    byte[] masked = content.clone();
    // What was being written may be there in part.
    System.arraycopy(expected, from, masked, from, to - from);
    assertThat(masked).isEqualTo(expected);
    assertThat(area.usedBytes()).isEqualTo(resumed.writtenBytes());

    StagedChange more = new StagedChange(StagedChange.Kind.WRITE, 100, 50, 101);
    byte[] now = content(resumed);
    more.apply(resumed);
    assertThat(content(resumed)).isEqualTo(more.applied(now));
    resumed.discard();
    assertThat(area.usedBytes()).isZero();
  }
}
