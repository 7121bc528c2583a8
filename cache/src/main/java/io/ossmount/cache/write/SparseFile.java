package io.ossmount.cache.write;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The bytes of a staged file on the local disk; errors of that are unchecked. Not thread-safe. */
final class SparseFile implements AutoCloseable {
  private static final int COPY_BYTES = 1 << 20;

  private final RandomAccessFile file;
  private final FileChannel channel;

  /** Opens the file, which is there. */
  SparseFile(Path path) throws IOException {
    this.file = new RandomAccessFile(path.toFile(), "rw");
    this.channel = file.getChannel();
  }

  /** To read from, by threads that are never interrupted. */
  FileChannel channel() {
    return channel;
  }

  /** Writes all of {@code from}. Not by a thread that may be interrupted. */
  void write(long offset, ByteBuffer from) {
    try {
      long at = offset;
      while (from.hasRemaining()) {
        at += channel.write(from, at);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads; zeros where the file is shorter. Bears an interrupted thread. */
  void read(long offset, MemorySegment into) {
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

  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes it no longer than {@code size}. */
  void cut(long size) {
    try {
      if (channel.size() > size) {
        channel.truncate(size);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes it no shorter than {@code end}. */
  void reach(long end) {
    if (size() < end) {
      write(end - 1, ByteBuffer.allocate(1));
    }
  }

  /** Returns when its bytes are on the disk. Not by a thread that may be interrupted. */
  void force() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
