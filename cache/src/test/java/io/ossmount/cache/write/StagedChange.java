package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.ObjectStore.ObjectMetadata;
import io.ossmount.cache.store.ObjectVersion;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Something that is done to a staged file, and what it makes of the file's bytes. */
record StagedChange(Kind kind, int at, int length, int seed) {
  static final int MAX_BYTES = 400;

  enum Kind {
    WRITE,
    APPEND,
    TRUNCATE,
    RENAME,
    INTEND,
    CLOSE,
    PROMISE,
    UPLOAD,
    UPLOAD_ENDED,
    BEGINNING,
    NOT_BEGUN,
    COMPLETING,
    DONE,
    UNNAME,
    BASE,
    SUPERSEDE
  }

  static Arbitrary<StagedChange> any() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(8, Kind.WRITE),
                Tuple.of(8, Kind.APPEND),
                Tuple.of(4, Kind.TRUNCATE),
                Tuple.of(1, Kind.RENAME),
                Tuple.of(1, Kind.INTEND),
                Tuple.of(1, Kind.CLOSE),
                Tuple.of(1, Kind.PROMISE),
                Tuple.of(2, Kind.UPLOAD),
                Tuple.of(2, Kind.UPLOAD_ENDED),
                Tuple.of(1, Kind.BEGINNING),
                Tuple.of(1, Kind.NOT_BEGUN),
                Tuple.of(1, Kind.COMPLETING),
                Tuple.of(1, Kind.DONE),
                Tuple.of(1, Kind.UNNAME),
                Tuple.of(1, Kind.BASE),
                Tuple.of(1, Kind.SUPERSEDE)),
            Arbitraries.integers().between(0, MAX_BYTES),
            Arbitraries.integers().between(1, 90),
            Arbitraries.integers().between(1, 100))
        .as(StagedChange::new);
  }

  void apply(StagedFile file) {
    StagingJournal journal = file.journal();
    String id = "upload-" + seed % 4;
    switch (kind) {
      case WRITE -> file.write(at, MemorySegment.ofArray(bytes()));
      case APPEND -> file.write(file.size(), MemorySegment.ofArray(bytes()));
      case TRUNCATE -> file.truncate(at);
      case RENAME -> file.renamed("key-" + seed);
      case INTEND -> file.intend(intent());
      case CLOSE -> file.closed();
      case PROMISE -> assertThat(file.promise()).isTrue();
      case UNNAME -> file.unnamed();
      case BASE -> file.based(new ObjectVersion("key", "etag-" + seed, 150));
      case SUPERSEDE -> journal.append(new JournalRecord.Superseded("name-" + seed));
      case UPLOAD -> journal.append(new JournalRecord.Upload(id, "key-" + seed));
      case UPLOAD_ENDED -> journal.append(new JournalRecord.UploadEnded(id));
      case BEGINNING -> journal.append(new JournalRecord.Beginning("key-" + seed % 2, seed));
      case NOT_BEGUN -> journal.append(new JournalRecord.NotBegun("key-" + seed % 2));
      case COMPLETING ->
          journal.append(
              new JournalRecord.Completing(
                  "key-" + seed, Optional.of(id), file.size(), Optional.of((long) seed)));
      case DONE ->
          journal.append(
              new JournalRecord.Done(new ObjectVersion("key", "etag-" + seed, file.size())));
    }
  }

  private WriteIntent intent() {
    var metadata = new ObjectMetadata(Optional.empty(), Map.of("mode", "" + seed));
    return new WriteIntent(seed % 2 == 0, seed % 3 == 0, version(), metadata);
  }

  private Optional<ObjectVersion> version() {
    return Optional.of(new ObjectVersion("key", "etag-" + seed, seed)).filter(_ -> seed % 5 != 0);
  }

  byte[] bytes() {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) seed);
    return bytes;
  }

  /** First byte that it writes to a file of {@code size} bytes. */
  int start(int size) {
    return switch (kind) {
      case WRITE -> at;
      case APPEND -> size;
      default -> Integer.MAX_VALUE;
    };
  }

  /** The bytes of the file after it. */
  byte[] applied(byte[] before) {
    return switch (kind) {
      case WRITE, APPEND -> {
        int start = start(before.length);
        byte[] after = Arrays.copyOf(before, Math.max(before.length, start + length));
        System.arraycopy(bytes(), 0, after, start, length);
        yield after;
      }
      case TRUNCATE -> Arrays.copyOf(before, at);
      default -> before;
    };
  }
}
