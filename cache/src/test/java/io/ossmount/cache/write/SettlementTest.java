package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectStore.OpenUpload;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What OSS was asked for by a process that was killed before it heard the answer. */
final class SettlementTest {
  private static final long PART_BYTES = 100 << 10;
  private static final ObjectMetadata NONE = ObjectMetadata.NONE;

  @TempDir Path directory;
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final Uploader uploader = new Uploader(store, PART_BYTES);

  /** As SIGKILL would: nothing of what comes after it is done. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private StagingArea open() {
    return StagingArea.open(directory, 1 << 30);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private StagedFile written(int size) {
    StagedFile file = open().create("f", Optional.empty());
    file.write(0, MemorySegment.ofArray(bytes(size)));
    return file;
  }

  /** Kills when OSS is asked for {@code call}, which is done before if {@code made} is given. */
  private void killIn(String call, Optional<byte[]> made, ThrowingCallable work) {
    store.before((name, key) -> {
      if (name.equals(call)) {
        store.before((any, other) -> {});
        made.ifPresent(bytes -> store.with(key, bytes));
        throw new Killed();
      }
    });
    assertThatThrownBy(work).isInstanceOf(Killed.class);
  }

  private void upload(StagedFile file) {
    ObjectInfo _ = uploader.upload("f", file, Optional.empty(), NONE);
  }

  private StagedFile resumed(StagedFile file) {
    return open().resume(file.name()).orElseThrow();
  }

  @Test
  void aPutWhoseAnswerWasLostIsDone() {
    StagedFile file = written(1000);
    killIn("put", Optional.of(bytes(1000)), () -> upload(file));
    StagedFile resumed = resumed(file);
    assertThat(resumed.made()).isEmpty();
    ObjectVersion made = store.head("f").orElseThrow().version();
    assertThat(uploader.settle(resumed)).contains(made);
    assertThat(resumed.made()).contains(made);
    assertThat(open().orphans()).extracting(Orphan::made).containsExactly(Optional.of(made));
  }

  @Test
  void anUploadInPartsWhoseAnswerWasLostIsDone() {
    StagedFile file = written((int) (3 * PART_BYTES));
    killIn("completeUpload", Optional.of(bytes((int) (3 * PART_BYTES))), () -> upload(file));
    assertThat(store.uploads()).isEqualTo(1);
    assertThat(uploader.settle(resumed(file))).contains(store.head("f").orElseThrow().version());
    assertThat(store.uploads()).isZero();
  }

  @Test
  void anUploadThatWasNotCompletedIsEndedAndMadeAnew() {
    StagedFile file = written((int) (3 * PART_BYTES));
    killIn("completeUpload", Optional.empty(), () -> upload(file));
    StagedFile resumed = resumed(file);
    assertThat(uploader.settle(resumed)).isEmpty();
    assertThat(store.uploads()).isZero();
    upload(resumed);
    assertThat(store.bytes("f")).contains(bytes((int) (3 * PART_BYTES)));
    assertThat(store.uploads()).isZero();
  }

  @Test
  void anotherObjectOfTheSameSizeIsNotTakenForIt() {
    StagedFile file = written(1000);
    byte[] other = bytes(1000);
    other[500]++;
    killIn("put", Optional.of(other), () -> upload(file));
    assertThat(uploader.settle(resumed(file))).isEmpty();
    assertThat(store.bytes("f")).contains(other);
  }

  @Test
  void whatWasWrittenAfterAnUploadThatFailedIsNotTakenForDone() {
    StagedFile file = written(1000);
    killIn("put", Optional.of(bytes(1000)), () -> upload(file));
    file.write(500, MemorySegment.ofArray(new byte[1]));
    assertThat(uploader.settle(resumed(file))).isEmpty();
  }

  @Test
  void whatOssMadeBeforeThatIsKnownToBeItsOwnInTheNextProcessToo() {
    StagedFile file = written(1000);
    killIn("put", Optional.of(bytes(1000)), () -> upload(file));
    ObjectInfo own = store.head("f").orElseThrow();
    assertThat(file.wasOnce(own)).isFalse();
    // So many, with gaps between them, that the journal is written anew.
    for (int at = 1001; at < 10_000; at += 2) {
      file.write(at, MemorySegment.ofArray(new byte[1]));
    }
    StagedFile resumed = resumed(file);
    assertThat(resumed.size()).isEqualTo(file.size());
    assertThat(resumed.isInDoubt()).isTrue();
    assertThat(resumed.wasOnce(own)).isTrue();
    store.with("f", bytes(1001));
    assertThat(resumed.wasOnce(store.head("f").orElseThrow())).isFalse();
  }

  @Test
  void aCopyOfThePartsThatDidNotChangeIsRecognisedToo() {
    byte[] old = bytes((int) (4 * PART_BYTES));
    ObjectVersion base = store.with("f", old);
    StagedFile file = open().create("f", Optional.of(base));
    file.write(old.length, MemorySegment.ofArray(new byte[10]));
    killIn(
        "completeUpload",
        Optional.of(Arrays.copyOf(old, old.length + 10)),
        () -> {
          ObjectInfo _ = uploader.upload("f", file, Optional.of(new HeapObject(base, old)), NONE);
        });
    assertThat(file.isWhole()).isFalse();
    assertThat(uploader.settle(resumed(file))).isPresent();
  }

  @Test
  void anUploadThatWentAheadOfItsWriterIsEndedWhenTheFileIsResumed() {
    StagedFile file = streaming();
    assertThat(uploader.settle(resumed(file))).isEmpty();
    assertThat(store.uploads()).isZero();
  }

  @Test
  void anUploadThatWentAheadOfItsWriterIsEndedWhenTheFileIsSetAside() {
    StagedFile file = streaming();
    StagingArea area = open();
    area.setAside(file.name());
    store.before((call, key) -> {
      throw new StoreException.Unavailable("away");
    });
    assertThatThrownBy(() -> uploader.endLeftUploads(area))
        .isInstanceOf(StoreException.Unavailable.class);
    store.before((call, key) -> {});
    // The next process knows as well.
    StagingArea next = open();
    assertThat(next.orphans()).isEmpty();
    uploader.endLeftUploads(next);
    assertThat(store.uploads()).isZero();
    assertThat(open().leftUploads()).isEmpty();
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder(StagingArea.ASIDE, "boot");
  }

  private StagedFile streaming() {
    StagedFile file = written((int) (4 * PART_BYTES));
    PartStream stream = uploader.stream(Optional.empty(), file, "f", NONE).orElseThrow();
    stream.await(0, file.size());
    assertThat(store.uploads()).isEqualTo(1);
    return file;
  }

  @Test
  void anUploadOfAFileThatIsDiscardedIsKnownUntilItIsEnded() {
    StagedFile file = written((int) (4 * PART_BYTES));
    PartStream stream = uploader.stream(Optional.empty(), file, "f", NONE).orElseThrow();
    String _ = stream.upload();
    file.discard();
    assertThat(open().leftUploads()).hasSize(1);
    stream.abort();
    assertThat(open().leftUploads()).isEmpty();
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder(StagingArea.ASIDE, "boot");
  }

  @Test
  void anUploadThatBeginsAfterItsFileWasDiscardedIsKnownToo() {
    StagedFile file = written(10);
    file.discard();
    assertThat(uploader.settlement().begin(file.journal(), "f", NONE)).isNotEmpty();
    StagingArea next = open();
    uploader.endLeftUploads(next);
    assertThat(store.uploads()).isZero();
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder(StagingArea.ASIDE, "boot");
  }

  @Test
  void anUploadWhoseIdWasNotHeardOfIsEnded() {
    String others = store.startUpload("g", NONE);
    StagedFile file = written((int) (3 * PART_BYTES));
    StagedFile aside = written(10);
    for (StagedFile each : List.of(file, aside)) {
      each.journal().append(new JournalRecord.Beginning("f", System.currentTimeMillis()));
      assertThat(store.startUpload("f", NONE)).isNotEmpty();
    }
    StagingArea next = open();
    StagedFile resumed = next.resume(file.name()).orElseThrow();
    next.setAside(aside.name());
    // Which of the two uploads is whose is not known: while one may be going on, none is ended.
    uploader.endLeftUploads(next);
    assertThat(store.uploads()).isEqualTo(3);
    resumed.discard();
    uploader.endLeftUploads(open());
    assertThat(store.uploads("f")).isEmpty();
    assertThat(store.uploads("g")).extracting(OpenUpload::id).containsExactly(others);
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder(StagingArea.ASIDE, "boot");
  }

  @Test
  void anUploadOfAnotherTimeIsNotEnded() {
    StagedFile file = written(10);
    long before = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    file.journal().append(new JournalRecord.Beginning("f", before));
    assertThat(store.startUpload("f", NONE)).isNotEmpty();
    assertThat(uploader.settle(resumed(file))).isEmpty();
    assertThat(store.uploads()).isEqualTo(1);
    assertThat(open().resume(file.name()).orElseThrow().journal().hasUploads()).isFalse();
  }

  @Test
  void anUploadThatOssRefusesToBeginLeavesNothing() {
    StagedFile file = written((int) (3 * PART_BYTES));
    store.before((call, key) -> {
      throw new StoreException.Denied(StoreException.Denied.Reason.WRITE_DENIED, "no");
    });
    assertThatThrownBy(() -> upload(file)).isInstanceOf(StoreException.Denied.class);
    file.discard();
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder(StagingArea.ASIDE, "boot");
  }

  @Test
  void whatWentUpInGoodOrderIsDone() {
    StagedFile file = written((int) (4 * PART_BYTES));
    PartStream stream = uploader.stream(Optional.empty(), file, "f", NONE).orElseThrow();
    ObjectInfo made = uploader.upload("f", file, stream, NONE).orElseThrow();
    assertThat(file.made()).contains(made.version());
    assertThat(file.journal().uploads()).isEmpty();
    file.discard();
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder(StagingArea.ASIDE, "boot");
  }
}
