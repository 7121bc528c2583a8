package io.ossmount.cache.write;

import io.ossmount.cache.store.ObjectVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a staged file: nothing but the sum of its journal's records, so that a process
 * that reads the journal knows what the one knew that wrote it. Not thread-safe: {@link
 * StagingJournal} says who may touch it.
 */
final class StagedState {
  /** So many lost answers are remembered, the newest. */
  private static final int MOST_ATTEMPTS = 16;

  private final ExtentMap written = new ExtentMap();
  private final Map<String, String> uploads = new LinkedHashMap<>();
  private final List<JournalRecord.Beginning> beginnings = new ArrayList<>();
  private final List<JournalRecord.Completing> attempts = new ArrayList<>();
  private Optional<ObjectVersion> base;
  private String key;
  private long size;
  private long baseLimit;
  private WriteIntent intent = WriteIntent.UNKNOWN;
  private Optional<JournalRecord.Completing> completing = Optional.empty();
  private Optional<ObjectVersion> made = Optional.empty();
  private boolean closed;
  private boolean promised;
  private boolean unnamed;
  private Optional<String> successor = Optional.empty();

  StagedState(JournalRecord.Created created) {
    key = created.key();
    base = created.base();
    size = base.map(ObjectVersion::size).orElse(0L);
    baseLimit = size;
  }

  /** The sum of records, of which the first makes the file. */
  static StagedState of(List<JournalRecord> records) {
    StagedState state = new StagedState((JournalRecord.Created) records.getFirst());
    records.stream().skip(1).forEach(state::apply);
    return state;
  }

  /** Takes one more record. */
  void apply(JournalRecord record) {
    switch (record) {
      case JournalRecord.Created _ ->
          throw new IllegalArgumentException("a file is made only once");
      case JournalRecord.Shape shape -> {
        size = shape.size();
        baseLimit = shape.baseLimit();
      }
      case JournalRecord.Write write -> {
        written.add(write.start(), write.end());
        size = Math.max(size, write.end());
        changed();
      }
      case JournalRecord.Filled filled -> written.add(filled.start(), filled.end());
      case JournalRecord.Truncate cut -> {
        written.truncate(cut.size());
        baseLimit = Math.min(baseLimit, cut.size());
        size = cut.size();
        changed();
      }
      case JournalRecord.Renamed renamed -> {
        key = renamed.key();
        unnamed = false;
      }
      case JournalRecord.Unnamed _ -> unnamed = true;
      case JournalRecord.Based based -> base = base.map(before -> based.version());
      case JournalRecord.Superseded superseded -> successor = Optional.of(superseded.by());
      case JournalRecord.Intended said -> intent = said.intent();
      case JournalRecord.Beginning beginning -> beginnings.add(beginning);
      case JournalRecord.NotBegun not -> begun(not.key());
      case JournalRecord.Upload upload -> {
        begun(upload.key());
        uploads.put(upload.id(), upload.key());
      }
      case JournalRecord.UploadEnded ended -> uploads.remove(ended.id());
      case JournalRecord.Completing now -> {
        completing.filter(before -> !before.makesSameAs(now)).ifPresent(this::attempted);
        completing = Optional.of(now);
      }
      case JournalRecord.Done done -> {
        completing.flatMap(JournalRecord.Completing::upload).ifPresent(uploads::remove);
        completing = Optional.empty();
        attempts.clear();
        made = Optional.of(done.version());
        promised = false;
      }
      case JournalRecord.Closed _ -> closed = true;
      case JournalRecord.Promised _ -> promised = true;
    }
  }

  private void begun(String of) {
    beginnings.stream()
        .filter(beginning -> beginning.key().equals(of))
        .findFirst()
        .ifPresent(beginnings::remove);
  }

  /** What OSS may have made of the file as it was; without its sum it could not be recognised. */
  private void attempted(JournalRecord.Completing before) {
    if (before.crc64().isPresent() && attempts.stream().noneMatch(before::makesSameAs)) {
      attempts.add(before.withoutUpload());
    }
    if (attempts.size() > MOST_ATTEMPTS) {
      attempts.removeFirst();
    }
  }

  /** What OSS has been told, and that nobody writes, holds no longer. */
  private void changed() {
    completing.ifPresent(this::attempted);
    completing = Optional.empty();
    made = Optional.empty();
    closed = false;
  }

  /** Whether a record would change nothing. */
  boolean implies(JournalRecord record) {
    return switch (record) {
      case JournalRecord.Write write ->
          write.end() <= size
              && completing.isEmpty()
              && made.isEmpty()
              && !closed
              && written.covers(write.start(), write.end());
      case JournalRecord.Filled filled -> written.covers(filled.start(), filled.end());
      case JournalRecord.Renamed renamed -> renamed.key().equals(key) && !unnamed;
      case JournalRecord.Unnamed _ -> unnamed;
      case JournalRecord.Based based ->
          base.filter(before -> !before.equals(based.version())).isEmpty();
      case JournalRecord.Intended said -> said.intent().equals(intent);
      case JournalRecord.Closed _ -> closed;
      case JournalRecord.UploadEnded ended -> !uploads.containsKey(ended.id());
      default -> false;
    };
  }

  /** The fewest records that make this state. */
  List<JournalRecord> records() {
    List<JournalRecord> records = new ArrayList<>();
    records.add(new JournalRecord.Created(key, base));
    if (!attempts.isEmpty()) {
      // A change is what makes attempts of them; the shape comes after it.
      records.addAll(attempts);
      records.add(new JournalRecord.Truncate(0));
    }
    records.add(new JournalRecord.Shape(size, baseLimit));
    for (ExtentMap.Range range : written.ranges()) {
      records.add(new JournalRecord.Filled(range.start(), range.end()));
    }
    records.add(new JournalRecord.Intended(intent));
    uploads.forEach((id, of) -> records.add(new JournalRecord.Upload(id, of)));
    records.addAll(beginnings);
    made.ifPresent(version -> records.add(new JournalRecord.Done(version)));
    completing.ifPresent(records::add);
    if (closed) {
      records.add(new JournalRecord.Closed());
    }
    if (promised) {
      records.add(new JournalRecord.Promised());
    }
    if (unnamed) {
      records.add(new JournalRecord.Unnamed());
    }
    successor.ifPresent(by -> records.add(new JournalRecord.Superseded(by)));
    return records;
  }

  ExtentMap written() {
    return written;
  }

  String key() {
    return key;
  }

  Optional<ObjectVersion> base() {
    return base;
  }

  long size() {
    return size;
  }

  long baseLimit() {
    return baseLimit;
  }

  WriteIntent intent() {
    return intent;
  }

  /** Keys of the multipart uploads that OSS may still have, by their ids. */
  Map<String, String> uploads() {
    return uploads;
  }

  /** Multipart uploads that OSS may have begun, and whose ids are not known. */
  List<JournalRecord.Beginning> beginnings() {
    return beginnings;
  }

  /** Whether OSS may have a multipart upload of the file. */
  boolean hasUploads() {
    return !uploads.isEmpty() || !beginnings.isEmpty();
  }

  /** What OSS was told to make, if its answer is not known. */
  Optional<JournalRecord.Completing> completing() {
    return completing;
  }

  /** What OSS was told to make of the file as it was before, and may have made. */
  List<JournalRecord.Completing> attempts() {
    return attempts;
  }

  /** What OSS has made of the file as it is. */
  Optional<ObjectVersion> made() {
    return made;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether somebody was told that it reaches OSS, which OSS has not made yet. */
  boolean isPromised() {
    return promised;
  }

  boolean isNamed() {
    return !unnamed;
  }

  /** Name of the staging file that stands for this one. */
  Optional<String> successor() {
    return successor;
  }

  /** Whether it shows anything else than its base. */
  boolean isChanged() {
    long whole = base.map(ObjectVersion::size).orElse(0L);
    return written.total() > 0 || size != whole || baseLimit != whole;
  }
}
