package io.ossmount.cache.write;

import io.ossmount.cache.block.BlockCache.CachedObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

  private final StagingArea area;
  private final Path path;
  private final RandomAccessFile file;
  private final FileChannel channel;
  private final ExtentMap written = new ExtentMap();
  private long size;
  private long baseLimit;
  private long reserved;
  private long changes;
  private int users = 1;

  StagedFile(StagingArea area, Path path, long baseSize) throws IOException {
    this.area = area;
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "rw");
    this.channel = file.getChannel();
    this.size = baseSize;
    this.baseLimit = baseSize;
  }

  /** Size in bytes as readers see it. */
  public synchronized long size() {
    return size;
  }

  /** Bytes at the beginning that show the base where nothing was written. */
  public synchronized long baseLimit() {
    return baseLimit;
  }

  /** Grows with every change. */
  public synchronized long changes() {
    return changes;
  }

  /** The sparse file; to read ranges that are {@link #isLocal}, by threads never interrupted. */
  FileChannel channel() {
    return channel;
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
    put(offset, from.asByteBuffer());
    written.add(offset, end);
    size = Math.max(size, end);
    changes++;
  }

  private void claim(long start, long end) {
    long more = end - start - written.covered(start, end);
    if (!area.reserve(more)) {
      throw new StagingFullException();
    }
    reserved += more;
  }

  private void put(long offset, ByteBuffer from) {
    try {
      long at = offset;
      while (from.hasRemaining()) {
        at += channel.write(from, at);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts the file, or extends it by zeros. */
  public synchronized void truncate(long newSize) {
    if (newSize < size) {
      long before = written.total();
      written.truncate(newSize);
      give(before - written.total());
      baseLimit = Math.min(baseLimit, newSize);
      try {
        if (channel.size() > newSize) {
          channel.truncate(newSize);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    size = newSize;
    changes++;
  }

  private void give(long bytes) {
    reserved -= bytes;
    area.free(bytes);
  }

  /** Whether a range can be read without the base. */
  public synchronized boolean isLocal(long offset, long length) {
    return written.covers(offset, Math.min(Math.min(offset + length, size), baseLimit));
  }

  /** Whether a range shows the base only. */
  synchronized boolean isBase(long start, long end) {
    return end <= baseLimit && !written.touches(start, end);
  }

  /** Whether exactly the first {@code n} bytes, and nothing else, were written; else -1. */
  synchronized long sequentialBytes() {
    return baseLimit == 0 && written.covers(0, size) ? size : -1;
  }

  /** Bytes that were written. */
  public synchronized long writtenBytes() {
    return written.total();
  }

  /** Whether all that was written lies from {@code offset} on, without a gap up to the end. */
  public synchronized boolean isAppendTo(long offset) {
    return baseLimit == offset && written.total() == size - offset && written.covers(offset, size);
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
      end = Math.min(offset + into.byteSize(), size);
      if (offset >= end) {
        return 0;
      }
      readLocal(offset, into.asSlice(0, end - offset));
      fromBase = written.missing(offset, Math.max(offset, Math.min(end, baseLimit)));
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

  /** Reads the sparse file itself; zeros where it is shorter. Bears an interrupted thread. */
  private void readLocal(long offset, MemorySegment into) {
    byte[] buffer = new byte[(int) Math.min(into.byteSize(), COPY_BYTES)];
    long done = 0;
    try {
      file.seek(offset);
      while (done < into.byteSize()) {
        int count = file.read(buffer, 0, (int) Math.min(buffer.length, into.byteSize() - done));
        if (count < 0) {
          into.asSlice(done).fill((byte) 0);
          return;
        }
        MemorySegment.copy(buffer, 0, into, ValueLayout.JAVA_BYTE, done, count);
        done += count;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Copies a range of the base to where nothing was written, so that the range is local, and makes
   * the sparse file reach its end. Nothing may be written to the file meanwhile.
   */
  void fill(long start, long end, Optional<? extends CachedObject> base) {
    List<ExtentMap.Range> gaps;
    synchronized (this) {
      gaps = written.missing(start, Math.max(start, Math.min(end, baseLimit)));
    }
    MemorySegment buffer =
        gaps.isEmpty() ? MemorySegment.NULL : MemorySegment.ofArray(new byte[COPY_BYTES]);
    for (ExtentMap.Range gap : gaps) {
      for (long at = gap.start(); at < gap.end(); at += COPY_BYTES) {
        var piece = new ExtentMap.Range(at, Math.min(gap.end(), at + COPY_BYTES));
        MemorySegment bytes = buffer.asSlice(0, piece.length());
        readBase(piece, bytes, base);
        synchronized (this) {
          claim(piece.start(), piece.end());
          put(piece.start(), bytes.asByteBuffer());
          written.add(piece.start(), piece.end());
        }
      }
    }
    synchronized (this) {
      reach(Math.min(end, size));
    }
  }

  private void reach(long end) {
    try {
      if (channel.size() < end) {
        channel.write(ByteBuffer.allocate(1), end - 1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the sparse file holds all the bytes of the file. */
  public synchronized boolean isWhole() {
    try {
      return written.covers(0, Math.min(size, baseLimit)) && channel.size() == size;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
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
    give(reserved);
    release();
  }

  /** Ends the file and keeps its bytes where people find them: they cannot be uploaded. */
  public void keepAside() {
    area.keepAside(path);
    handOver();
  }
}
