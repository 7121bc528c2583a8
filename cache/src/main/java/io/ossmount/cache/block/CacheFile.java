package io.ossmount.cache.block;

import io.ossmount.cache.store.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read and written at positions by many threads.
 *
 * <p>Java closes a FileChannel under everyone when one of its threads is interrupted, which FUSE
 * does to readers. Only that reader is to notice: for the others the channel is opened again and
 * what they were doing, which can be repeated, is done once more.
 */
final class CacheFile implements AutoCloseable {
  private final Path path;
  private @Nullable FileChannel channel;
  private boolean closed;

  /** Opens on first use. */
  CacheFile(Path path) {
    this.path = path;
  }

  private CacheFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes a file of {@code size} bytes, all of them a hole. */
  static CacheFile create(Path path, long size) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      if (file.length() > 0) {
        file.setLength(0);
      }
      if (size > 0) {
        file.setLength(size);
      }
      return new CacheFile(path, file.getChannel());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Makes it longer, by a hole, which a channel cannot do. */
  void extend(long size) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
    }
  }

  Path path() {
    return path;
  }

  /**
   * Fills {@code into}.
   *
   * @throws EOFException the file is shorter
   * @throws StoreException.Interrupted this thread was interrupted
   */
  void read(ByteBuffer into, long position) throws IOException {
    ByteBuffer rest = into.duplicate();
    repeatedly(file -> {
      rest.position(into.position());
      while (rest.hasRemaining()) {
        if (file.read(rest, position + rest.position() - into.position()) < 0) {
          throw new EOFException(path.getFileName() + " is too short");
        }
      }
    });
    into.position(into.limit());
  }

  /** Writes all of {@code from}, whose position is not moved. */
  void write(ByteBuffer from, long position) throws IOException {
    ByteBuffer rest = from.duplicate();
    repeatedly(file -> {
      rest.position(from.position());
      while (rest.hasRemaining()) {
        file.write(rest, position + rest.position() - from.position());
      }
    });
  }

  @Override
  public synchronized void close() {
    closed = true;
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Everything was written; there is nothing to lose.
      }
    }
  }

  private void repeatedly(Work work) throws IOException {
    while (true) {
      if (Thread.currentThread().isInterrupted()) {
        throw new StoreException.Interrupted("reading the cache");
      }
      FileChannel file = channel();
      try {
        work.on(file);
        return;
      } catch (ClosedByInterruptException e) {
        throw new StoreException.Interrupted("reading the cache");
      } catch (ClosedChannelException e) {
        discard(file);
      }
    }
  }

  private synchronized FileChannel channel() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    FileChannel open = channel;
    if (open == null) {
      open = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel = open;
    }
    return open;
  }

  private synchronized void discard(FileChannel broken) {
    if (broken.equals(channel)) {
      channel = null;
    }
  }

  private interface Work {
    void on(FileChannel file) throws IOException;
  }
}
