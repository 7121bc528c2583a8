package io.ossmount.cache.write;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file as its writers have made it: the bytes that were written, in a sparse file, over an older
 * version of the object, the base, of which the rest is read when it is needed.
 *
 * <p>Thread-safe: every method takes the file's monitor, and waits for nothing but the local disk;
 * those that take the base read from that outside of it. The file is deleted when it is discarded
 * and the last {@link #retain()} was given back.
 */
public final class StagedFile {
  private static final int COPY_BYTES = 1 << 20;
  private static final int FORCE_ROUNDS = 3;

  private final StagingArea area;
  private final Path path;
  private final SparseFile file;
  private final StagingJournal journal;
  private final StagedState state;
  private final ExtentMap written;
  private long reserved;
  private int users = 1;
  private boolean keepsJournal;

  /** Grows with each change; what was there at {@link #promisedAt} is promised. */
  private long changes = 1;

  private long promisedAt;

  /** A new file, or goes on with one that a journal tells of; what is reserved for that is its. */
  StagedFile(StagingArea area, Path path, StagingJournal journal) throws IOException {
    this.area = area;
    this.path = path;
    this.file = new SparseFile(path);
    this.journal = journal;
    this.state = journal.state();
    this.written = state.written();
    this.reserved = written.total();
    // It is longer after a write that was not answered, or a cut that was journaled and no more.
    file.cut(state.size());
    area.begun(journal);
  }

  /** Its name in the staging area, by which {@link StagingArea#resume} finds it again. */
  public String name() {
    return journal.name();
  }

  /** Key of the object that it is to become. */
  public synchronized String key() {
    return state.key();
  }

  /** What shows where nothing was written. */
  public synchronized Optional<ObjectVersion> base() {
    return state.base();
  }

  /** The base is to be had as another version, which has the same bytes. */
  public synchronized void based(ObjectVersion version) {
    note(new JournalRecord.Based(version));
  }

  /** How it is to reach OSS, as was said last. */
  public synchronized WriteIntent intent() {
    return state.intent();
  }

  /** Whether its last writer is gone, and nothing was written since. */
  public synchronized boolean isClosed() {
    return state.isClosed();
  }

  /** What OSS has made of it, if nothing was written since. */
  public Optional<ObjectVersion> made() {
    return journal.made();
  }

  /** The next process is to know that it goes to another key. */
  public synchronized void renamed(String key) {
    note(new JournalRecord.Renamed(key));
  }

  /**
   * The next process is to know that it has no name any more, or not yet: only who has it open
   * wants its bytes. {@link #renamed} gives it one.
   */
  public synchronized void unnamed() {
    note(new JournalRecord.Unnamed());
  }

  /** Whether its bytes are those of a name. */
  public synchronized boolean isNamed() {
    return state.isNamed();
  }

  /** Whether it shows anything else than its base. */
  public synchronized boolean isChanged() {
    return state.isChanged();
  }

  /**
   * From now on another file stands for this one, which the next process finds by its name; also
   * for sessions that know the name of this one only.
   */
  public synchronized void superseded(StagedFile by) {
    note(new JournalRecord.Superseded(by.name()));
    by.keepJournal(keepsJournal);
  }

  /** Returns when all that the next process is to know would outlive a loss of power. */
  public void forceJournal() {
    journal.force();
  }

  /** Whether OSS was told to make the object, and its answer is not known. */
  public boolean isCompleting() {
    return journal.completing().isPresent();
  }

  /** Whether OSS may have made it as it was before it was changed: nobody has heard. */
  public boolean isInDoubt() {
    return !journal.attempts().isEmpty();
  }

  /** Whether OSS may have made it under a key, and nobody has heard. */
  public boolean mayBeMadeAs(String key) {
    return Stream.concat(journal.completing().stream(), journal.attempts().stream())
        .anyMatch(asked -> asked.key().equals(key));
  }

  /** Whether an object is this file as it was before it was changed: nobody else's version. */
  public boolean wasOnce(ObjectInfo found) {
    return journal.attempts().stream().anyMatch(attempt -> attempt.isThat(found));
  }

  /** The next process is to know how it reaches OSS; costs nothing when that was said before. */
  public synchronized void intend(WriteIntent intent) {
    if (intent.equals(state.intent())) {
      return;
    }
    note(new JournalRecord.Intended(intent));
  }

  /** The next process is to know that its last writer is gone: it wants to be uploaded. */
  public synchronized void closed() {
    journal.append(new JournalRecord.Closed());
  }

  private void note(JournalRecord record) {
    changes++;
    journal.append(record);
  }

  /**
   * Promises what is there so far: returns when it would outlive a loss of power, and when the next
   * process knows that it has to reach OSS. Waits for the disk, outside of the monitor, and costs
   * nothing when nothing was changed since; not by a thread that may be interrupted.
   *
   * @return false: the file has ended, OSS has it or nobody wants it
   * @throws UncheckedIOException the disk has failed: nothing is promised
   */
  public boolean promise() {
    long seen;
    synchronized (this) {
      if (state.isPromised() && promisedAt == changes) {
        return true;
      }
      if (!retain()) {
        return false;
      }
      seen = changes;
    }
    try {
      long promised = forceAndNote(seen);
      journal.force();
      area.force();
      synchronized (this) {
        promisedAt = Math.max(promisedAt, promised);
      }
      return true;
    } finally {
      release();
    }
  }

  /**
   * Its record comes last, and behind no other whose bytes are not on the disk. Who writes
   * meanwhile waits for the disk only when he has written during each round.
   */
  private long forceAndNote(long seen) {
    long forced = seen;
    for (int round = 0; round < FORCE_ROUNDS; round++) {
      file.force();
      synchronized (this) {
        if (changes == forced) {
          return notePromised();
        }
        forced = changes;
      }
    }
    synchronized (this) {
      file.force();
      return notePromised();
    }
  }

  private long notePromised() {
    journal.append(new JournalRecord.Promised());
    journal.shorten();
    return changes;
  }

  /** Whether it is promised, and OSS has not made it since. */
  public synchronized boolean isPromised() {
    return state.isPromised();
  }

  /**
   * Copies what is not here of the base, so that the file can do without it. Nothing may be written
   * to it meanwhile.
   *
   * @throws io.ossmount.cache.store.StoreException the base cannot be had
   */
  public void makeWhole(Optional<? extends CachedObject> base) {
    fill(0, size(), base);
  }

  /**
   * Whether the journal outlives the file, as an orphan that tells what OSS has made of it. So it
   * has to be as long as sessions may come that know nothing but the name of this file.
   */
  public synchronized void keepJournal(boolean keeps) {
    keepsJournal = keeps;
  }

  StagingArea area() {
    return area;
  }

  /** What the next process will know. */
  StagingJournal journal() {
    return journal;
  }

  /** Size in bytes as readers see it. */
  public synchronized long size() {
    return state.size();
  }

  /** The sparse file; to read ranges that are {@link #isLocal}, by threads never interrupted. */
  FileChannel channel() {
    return file.channel();
  }

  /** The file's place in the staging area. */
  public Path path() {
    return path;
  }

  /**
   * Writes all of {@code from} at {@code offset}. Not by a thread that may be interrupted.
   *
   * @throws StagingFullException nothing was written
   */
  public synchronized void write(long offset, MemorySegment from) {
    long end = Math.addExact(offset, from.byteSize());
    claim(offset, end);
    try {
      file.write(offset, from.asByteBuffer());
      if (end > offset) {
        note(new JournalRecord.Write(offset, end));
      }
    } catch (UncheckedIOException e) {
      give(reserved - written.total());
      file.cut(state.size());
      throw e;
    }
  }

  private void claim(long start, long end) {
    long more = end - start - written.covered(start, end);
    if (!area.reserve(more)) {
      throw new StagingFullException();
    }
    reserved += more;
  }

  /** What was promised has to go up also when there is no room: else there never is any again. */
  private void claimOfBase(ExtentMap.Range piece) {
    if (!state.isPromised()) {
      claim(piece.start(), piece.end());
      return;
    }
    long more = piece.length() - written.covered(piece.start(), piece.end());
    area.take(more);
    reserved += more;
  }

  /** Cuts the file, or extends it by zeros. */
  public synchronized void truncate(long newSize) {
    long before = written.total();
    boolean isCut = newSize < state.size();
    note(new JournalRecord.Truncate(newSize));
    try {
      if (isCut && state.isPromised()) {
        // The disk must not have the cut without it: zeros would be taken for what was promised.
        journal.force();
      }
    } finally {
      give(before - written.total());
      file.cut(newSize);
    }
  }

  private void give(long bytes) {
    reserved -= bytes;
    area.free(bytes);
  }

  /** Whether a range can be read without the base. */
  public synchronized boolean isLocal(long offset, long length) {
    long limit = Math.min(state.size(), state.baseLimit());
    return written.covers(offset, Math.min(offset + length, limit));
  }

  /** Whether a range shows the base only. */
  synchronized boolean isBase(long start, long end) {
    return end <= state.baseLimit() && !written.touches(start, end);
  }

  /** Whether exactly the first {@code n} bytes, and nothing else, were written; else -1. */
  synchronized long sequentialBytes() {
    return state.baseLimit() == 0 && written.covers(0, state.size()) ? state.size() : -1;
  }

  /** Bytes that were written. */
  public synchronized long writtenBytes() {
    return written.total();
  }

  /** Whether all that was written lies from {@code offset} on, without a gap up to the end. */
  public synchronized boolean isAppendTo(long offset) {
    long size = state.size();
    return state.baseLimit() == offset
        && written.total() == size - offset
        && written.covers(offset, size);
  }

  /**
   * Reads what shows.
   *
   * @param base the base, if the file has one
   * @return bytes put into {@code into}, up to the end of the file
   */
  public int read(long offset, MemorySegment into, Optional<? extends CachedObject> base) {
    long end;
    List<ExtentMap.Range> fromBase;
    synchronized (this) {
      end = Math.min(offset + into.byteSize(), state.size());
      if (offset >= end) {
        return 0;
      }
      file.read(offset, into.asSlice(0, end - offset));
      fromBase = written.missing(offset, Math.max(offset, Math.min(end, state.baseLimit())));
    }
    for (ExtentMap.Range gap : fromBase) {
      readBase(gap, into.asSlice(gap.start() - offset, gap.length()), base);
    }
    return (int) (end - offset);
  }

  private static void readBase(
      ExtentMap.Range gap, MemorySegment into, Optional<? extends CachedObject> base) {
    int count = base.orElseThrow().read(gap.start(), into);
    if (count != gap.length()) {
      throw new IllegalStateException("the base has " + count + " bytes at " + gap);
    }
  }

  /**
   * Copies a range of the base to where nothing was written, so that the range is local, and makes
   * the sparse file reach its end. Nothing may be written to the file meanwhile.
   */
  void fill(long start, long end, Optional<? extends CachedObject> base) {
    List<ExtentMap.Range> gaps;
    synchronized (this) {
      gaps = written.missing(start, Math.max(start, Math.min(end, state.baseLimit())));
    }
    MemorySegment buffer =
        gaps.isEmpty() ? MemorySegment.NULL : MemorySegment.ofArray(new byte[COPY_BYTES]);
    for (ExtentMap.Range gap : gaps) {
      for (long at = gap.start(); at < gap.end(); at += COPY_BYTES) {
        var piece = new ExtentMap.Range(at, Math.min(gap.end(), at + COPY_BYTES));
        MemorySegment bytes = buffer.asSlice(0, piece.length());
        readBase(piece, bytes, base);
        synchronized (this) {
          claimOfBase(piece);
          file.write(piece.start(), bytes.asByteBuffer());
          note(new JournalRecord.Filled(piece.start(), piece.end()));
        }
      }
    }
    synchronized (this) {
      file.reach(Math.min(end, state.size()));
    }
  }

  /** Whether the sparse file holds all the bytes of the file. */
  public synchronized boolean isWhole() {
    long size = state.size();
    return written.covers(0, Math.min(size, state.baseLimit())) && file.size() == size;
  }

  /** Keeps the file readable until {@link #release()}; false when it is gone. */
  public synchronized boolean retain() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  /** Gives back one {@link #retain()}. */
  public synchronized void release() {
    if (--users == 0) {
      file.close();
    }
  }

  /** Ends the file: its bytes are not wanted any more. */
  public void discard() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      handOver();
    }
  }

  /** Ends the file here; someone else has taken it over. */
  public synchronized void handOver() {
    area.ended(journal);
    if (keepsJournal) {
      area.left(journal);
    } else {
      journal.retire();
    }
    give(reserved);
    release();
  }

  /** Ends the file and keeps its bytes where people find them: they cannot be uploaded. */
  public void keepAside() {
    keepJournal(false);
    area.keepAside(path);
    handOver();
  }
}
