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
 * after it ({@link PowerCut}).
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
    Optional<List<JournalRecord>> all = records(bytes);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    List<JournalRecord> counting = isAfterPowerCut ? PowerCut.counting(all.get()) : all.get();
    StagedState state = StagedState.of(counting);
    if (isWorthless(state, bytes)) {
      return Optional.empty();
    }
    if (bytes.limit() > end(bytes)) {
      cut(path, end(bytes));
    }
    StagingJournal journal = new StagingJournal(path, state, end(bytes));
    if (counting.size() < all.get().size()) {
      // The process after this one comes after no power cut.
      journal.rewrite();
    }
    return Optional.of(journal);
  }

  /** The sum of the whole records; the position then is behind the last one. */
  static Optional<StagedState> read(ByteBuffer bytes) {
    return records(bytes).map(StagedState::of).filter(state -> !isWorthless(state, bytes));
  }

  private static boolean isWorthless(StagedState state, ByteBuffer bytes) {
    return !state.isPromised() && isDamaged(bytes);
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
