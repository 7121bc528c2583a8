package io.ossmount.cache.write;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the journal that a killed process left. What it was writing when it was killed is at the
 * end, and is cut off: nobody was told of it. When something whole comes behind what cannot be
 * read, the disk has lost something that somebody was told of, and the journal is worth nothing;
 * but for what was promised, which was on the disk before: a machine that lost power lost what came
 * after it.
 */
final class Resumption {
  private Resumption() {}

  /** The journal, to be gone on with; empty when it is damaged, or of another format. */
  static Optional<StagingJournal> of(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(bytesOf(path));
    Optional<StagedState> state = read(bytes);
    if (state.isPresent() && bytes.limit() > end(bytes)) {
      cut(path, end(bytes));
    }
    return state.map(read -> new StagingJournal(path, read, end(bytes)));
  }

  /** The sum of the whole records; the position then is behind the last one. */
  static Optional<StagedState> read(ByteBuffer bytes) {
    byte[] magic = StagingJournal.MAGIC.getBytes(StandardCharsets.US_ASCII);
    if (bytes.remaining() < JournalRecord.SLOT
        || !bytes.slice(0, magic.length).equals(ByteBuffer.wrap(magic))) {
      return Optional.empty();
    }
    bytes.position(JournalRecord.SLOT);
    Optional<JournalRecord> first = JournalRecord.decode(bytes);
    if (first.isEmpty() || !(first.get() instanceof JournalRecord.Created created)) {
      return Optional.empty();
    }
    StagedState state = new StagedState(created);
    Optional<JournalRecord> next = JournalRecord.decode(bytes);
    while (next.isPresent()) {
      if (next.get() instanceof JournalRecord.Created) {
        return Optional.empty();
      }
      state.apply(next.get());
      next = JournalRecord.decode(bytes);
    }
    boolean isWorthless = !state.isPromised() && isDamaged(bytes);
    return isWorthless ? Optional.empty() : Optional.of(state);
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
