package io.ossmount.cache.write;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the journal that a killed process left. What it was writing when it was killed is at the
 * end, and is cut off: nobody was told of it. When something whole comes behind what cannot be
 * read, the disk has lost something that somebody was told of, and the journal is worth nothing;
 * but for what was promised, which was on the disk before: a machine that lost power lost what came
 * after it. It may also have lost bytes whose record it has not: then what was written since the
 * last promise does not count.
 */
final class Resumption {
  private Resumption() {}

  /**
   * The journal, to be gone on with; empty when it is damaged, or of another format.
   *
   * @param isAfterPowerCut whether the machine may have lost what was not synced
   */
  static Optional<StagingJournal> of(Path path, boolean isAfterPowerCut) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(bytesOf(path));
    Optional<StagedState> state = read(bytes, isAfterPowerCut);
    if (state.isEmpty()) {
      return Optional.empty();
    }
    if (bytes.limit() > end(bytes)) {
      cut(path, end(bytes));
    }
    StagingJournal journal = new StagingJournal(path, state.get(), end(bytes));
    if (isAfterPowerCut && state.get().isPromised()) {
      journal.renew();
    }
    return Optional.of(journal);
  }

  /** The sum of the whole records; the position then is behind the last one. */
  static Optional<StagedState> read(ByteBuffer bytes) {
    return read(bytes, false);
  }

  private static Optional<StagedState> read(ByteBuffer bytes, boolean isAfterPowerCut) {
    Optional<List<JournalRecord>> records = records(bytes);
    if (records.isEmpty()) {
      return Optional.empty();
    }
    List<JournalRecord> rest = records.get().subList(1, records.get().size());
    int promised =
        isAfterPowerCut ? rest.lastIndexOf(new JournalRecord.Promised()) : rest.size() - 1;
    StagedState state = new StagedState((JournalRecord.Created) records.get().getFirst());
    for (int at = 0; at < rest.size(); at++) {
      if (at <= promised || !speaksOfBytes(rest.get(at))) {
        state.apply(rest.get(at));
      }
    }
    boolean isWorthless = !state.isPromised() && isDamaged(bytes);
    return isWorthless ? Optional.empty() : Optional.of(state);
  }

  private static boolean speaksOfBytes(JournalRecord record) {
    return record instanceof JournalRecord.Write || record instanceof JournalRecord.Filled;
  }

  /** The whole ones: the first makes the file, and none of the others does. */
  private static Optional<List<JournalRecord>> records(ByteBuffer bytes) {
    byte[] magic = StagingJournal.MAGIC.getBytes(StandardCharsets.US_ASCII);
    if (bytes.remaining() < JournalRecord.SLOT
        || !bytes.slice(0, magic.length).equals(ByteBuffer.wrap(magic))) {
      return Optional.empty();
    }
    bytes.position(JournalRecord.SLOT);
    List<JournalRecord> records = new ArrayList<>();
    Optional<JournalRecord> next = JournalRecord.decode(bytes);
    while (next.isPresent()) {
      if (next.get() instanceof JournalRecord.Created != records.isEmpty()) {
        return Optional.empty();
      }
      records.add(next.get());
      next = JournalRecord.decode(bytes);
    }
    return records.isEmpty() ? Optional.empty() : Optional.of(records);
  }

  private static boolean isDamaged(ByteBuffer bytes) {
    ByteBuffer rest = bytes.duplicate();
    for (long at = end(bytes) + JournalRecord.SLOT; at < rest.limit(); at += JournalRecord.SLOT) {
      if (JournalRecord.decode(rest.position((int) at)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Where the next record goes: the last one may have been cut in the zeros behind it. */
  private static long end(ByteBuffer bytes) {
    return JournalRecord.slots(bytes.position());
  }

  private static void cut(Path path, long end) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(end);
    }
  }

  /** Unlike that of a channel, this read does not notice an interrupt. */
  private static byte[] bytesOf(Path path) throws IOException {
    try (FileInputStream in = new FileInputStream(path.toFile())) {
      return in.readAllBytes();
    }
  }
}
