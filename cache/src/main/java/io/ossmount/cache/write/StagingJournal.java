package io.ossmount.cache.write;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.store.ObjectVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of a staged file, beside it: what the next process has to know of the file when this
 * one is killed. Thread-safe; waits for nothing but the local disk, and bears interrupted threads.
 *
 * <p>Written bytes are in the staging file first, their record is in the journal second, and the
 * writer is answered third. A cut is journaled first, because a file that is shorter than its
 * journal says could not be told from a damaged one. Nothing is synchronised with the disk but what
 * is promised ({@link #force}): the page cache outlives a killed process, and a machine that loses
 * power loses the mount as well. What was written since the last promise does not count then.
 *
 * <p>Who writes on from where he stopped has one record that grows, and who writes over what is
 * there has none. A journal that has become long is written anew, with the fewest records.
 *
 * <p>The journal outlives its file while OSS may have a multipart upload of it: it then is the note
 * by which the next process ends that.
 */
final class StagingJournal {
  /** Of a journal's name; what is before it is the name of the staging file. */
  static final String SUFFIX = ".journal";

  /** Of one that is being written anew. */
  static final String ANEW = SUFFIX + ".new";

  /** First in the file, filled up to {@link JournalRecord#SLOT} bytes; the digit is the format. */
  static final String MAGIC = "OssMount staging journal 1\n";

  private static final Logger LOG = LoggerFactory.getLogger(StagingJournal.class);
  private static final long SHORT = 64 << 10;

  /** Of a promised file, which has to be forced before its journal is written anew. */
  private static final long LONG = 16 << 20;

  private final Path path;

  /** Changed under this monitor; the extents and the size by the staged file only. */
  private final StagedState state;

  @GuardedBy("this")
  private @Nullable RandomAccessFile file;

  @GuardedBy("this")
  private long end;

  @GuardedBy("this")
  private long compactAt = SHORT;

  @GuardedBy("this")
  private JournalRecord.@Nullable Write last;

  @GuardedBy("this")
  private boolean isTorn;

  @GuardedBy("this")
  private boolean isRetired;

  /** Whether a file is one, by its name. */
  static boolean isOne(Path file) {
    return file.getFileName().toString().endsWith(SUFFIX);
  }

  /** Goes on with a journal of {@code end} bytes; what is behind them is written over. */
  StagingJournal(Path path, StagedState state, long end) {
    this.path = path;
    this.state = state;
    this.end = end;
  }

  /** Makes the journal of a new file. */
  static StagingJournal create(Path path, JournalRecord.Created created) {
    StagingJournal journal = new StagingJournal(path, new StagedState(created), 0);
    synchronized (journal) {
      byte[] first = created.encode();
      byte[] all = new byte[JournalRecord.SLOT + first.length];
      head(all);
      System.arraycopy(first, 0, all, JournalRecord.SLOT, first.length);
      try {
        journal.write(0, all);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      journal.end = all.length;
    }
    return journal;
  }

  private static void head(byte[] into) {
    byte[] magic = MAGIC.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, into, 0, magic.length);
  }

  /** What the records have made. The extents and the size change under the file's monitor only. */
  StagedState state() {
    return state;
  }

  /** The staging file's name. */
  String name() {
    String name = path.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /**
   * Adds a record; the state is changed when it is written.
   *
   * @throws UncheckedIOException it could not be written; the state is as before
   */
  synchronized void append(JournalRecord record) {
    boolean isOver = isRetired && !state.hasUploads();
    if (state.implies(record) || (isOver && !begins(record))) {
      return;
    }
    try {
      if (isTorn || isOver) {
        rewrite();
      }
      put(record);
    } catch (IOException e) {
      isTorn = true;
      throw new UncheckedIOException(e);
    }
    state.apply(record);
    if (!state.isPromised() || end >= LONG) {
      shorten();
    }
    deleteUnneeded();
  }

  private static boolean begins(JournalRecord record) {
    return record instanceof JournalRecord.Beginning || record instanceof JournalRecord.Upload;
  }

  @GuardedBy("this")
  private void put(JournalRecord record) throws IOException {
    if (last != null && record instanceof JournalRecord.Write more) {
      Optional<JournalRecord.Write> both = last.with(more);
      if (both.isPresent()) {
        write(end - JournalRecord.SLOT, both.get().encode());
        last = both.get();
        return;
      }
    }
    byte[] bytes = record.encode();
    write(end, bytes);
    end += bytes.length;
    last = record instanceof JournalRecord.Write write ? write : null;
  }

  @GuardedBy("this")
  private void write(long at, byte[] bytes) throws IOException {
    if (file == null) {
      file = new RandomAccessFile(path.toFile(), "rw");
    }
    file.seek(at);
    file.write(bytes);
  }

  /** Makes a journal that has become long a short one. */
  synchronized void shorten() {
    if (end >= compactAt) {
      compact();
    }
  }

  @GuardedBy("this")
  private void compact() {
    try {
      rewrite();
    } catch (IOException e) {
      LOG.warn("{} could not be written anew: {}", path, e.getMessage());
    }
    compactAt = Math.max(SHORT, 2 * end);
  }

  /** Leaves nothing in the journal but what its state says. */
  synchronized void rewrite() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] head = new byte[JournalRecord.SLOT];
    head(head);
    all.write(head);
    for (JournalRecord record : state.records()) {
      all.write(record.encode());
    }
    Path anew = path.resolveSibling(name() + ANEW);
    try {
      Files.write(anew, all.toByteArray());
      if (state.isPromised()) {
        forceData();
        Durability.force(anew);
      }
      Files.move(anew, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(anew);
    }
    close();
    end = all.size();
    last = null;
    isTorn = false;
  }

  /** The promise stands behind all that is written anew. */
  private void forceData() throws IOException {
    Path data = path.resolveSibling(name());
    if (Files.exists(data)) {
      Durability.force(data);
    }
  }

  /**
   * Returns when all records so far would outlive a loss of power. Waits for the disk; records may
   * be added meanwhile.
   */
  void force() {
    try {
      Durability.force(path);
    } catch (NoSuchFileException e) {
      LOG.debug("{} is over", path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @GuardedBy("this")
  private void close() throws IOException {
    RandomAccessFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }

  /** Whether the file is promised, and OSS has not made it since. */
  synchronized boolean isPromised() {
    return state.isPromised();
  }

  /** Multipart uploads that OSS may still have: their keys by their ids. */
  synchronized Map<String, String> uploads() {
    return Map.copyOf(state.uploads());
  }

  /** Multipart uploads that OSS may have begun, and whose ids are not known. */
  synchronized List<JournalRecord.Beginning> beginnings() {
    return List.copyOf(state.beginnings());
  }

  /** Whether OSS may have a multipart upload of this key. */
  synchronized boolean mayUpload(String key) {
    return state.uploads().containsValue(key)
        || state.beginnings().stream().anyMatch(beginning -> beginning.key().equals(key));
  }

  /** Whether OSS may have a multipart upload of the file. */
  synchronized boolean hasUploads() {
    return state.hasUploads();
  }

  /** What OSS was told to make, if its answer is not known. */
  synchronized Optional<JournalRecord.Completing> completing() {
    return state.completing();
  }

  /** What OSS was told to make of the file as it was before, and may have made. */
  synchronized List<JournalRecord.Completing> attempts() {
    return List.copyOf(state.attempts());
  }

  /** What OSS has made of the file as it is. */
  synchronized Optional<ObjectVersion> made() {
    return state.made();
  }

  /** Nobody adds to it for long: it stays as it is, and holds no descriptor. */
  synchronized void rest() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The staging file is gone: the journal goes too, when OSS has no upload of it any more. */
  synchronized void retire() {
    isRetired = true;
    deleteUnneeded();
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @GuardedBy("this")
  private void deleteUnneeded() {
    if (isRetired && !state.hasUploads()) {
      try {
        close();
        Files.deleteIfExists(path);
      } catch (IOException e) {
        LOG.warn("{} could not be deleted: {}", path, e.getMessage());
      }
    }
  }
}
