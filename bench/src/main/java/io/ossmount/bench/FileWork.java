package io.ossmount.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Work on files, the same for a mount and for the local disk. Every read is checked to have the
 * right length.
 */
final class FileWork {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int RANDOM_BYTES = 4096;
  private static final int RANDOM_READS = 5000;

  private FileWork() {}

  /** Reads a file from its beginning to its end; counts MiB. */
  static double read(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    long total = 0;
    try (FileChannel channel = FileChannel.open(file)) {
      for (int count = channel.read(buffer); count >= 0; count = channel.read(buffer.clear())) {
        total += count;
      }
    }
    return total / (double) (1 << 20);
  }

  /**
   * Opens, reads and closes each file of a directory in the order of their names, which the readers
   * share; counts files.
   */
  static double readAll(Path directory, int expectedBytes, int readers)
      throws IOException, InterruptedException {
    List<Path> files;
    try (Stream<Path> list = Files.list(directory)) {
      files = list.sorted().toList();
    }
    Iterator<Path> next = files.iterator();
    inParallel(
        readers,
        () -> {
          ByteBuffer buffer = ByteBuffer.allocateDirect(2 * expectedBytes);
          for (Path file = take(next); file != null; file = take(next)) {
            readWhole(file, buffer.clear(), expectedBytes);
          }
          return 0;
        });
    return files.size();
  }

  private static @Nullable Path take(Iterator<Path> next) {
    synchronized (next) {
      return next.hasNext() ? next.next() : null;
    }
  }

  private static void readWhole(Path file, ByteBuffer buffer, int expectedBytes)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(buffer) >= 0) {}
    }
    if (buffer.position() != expectedBytes) {
      throw new IOException(file + " has " + buffer.position() + " bytes, not " + expectedBytes);
    }
  }

  /** Reads 4 KiB at random places, with several threads; counts reads. */
  static double readAtRandom(Path file, int readers) throws IOException, InterruptedException {
    try (FileChannel channel = FileChannel.open(file)) {
      long pages = channel.size() / RANDOM_BYTES;
      AtomicLong seeds = new AtomicLong();
      inParallel(
          readers,
          () -> {
            Random random = new Random(seeds.incrementAndGet());
            ByteBuffer buffer = ByteBuffer.allocateDirect(RANDOM_BYTES);
            for (int i = 0; i < RANDOM_READS; i++) {
              if (channel.read(buffer.clear(), random.nextLong(pages) * RANDOM_BYTES)
                  != RANDOM_BYTES) {
                throw new IOException("a short read of " + file);
              }
            }
            return 0;
          });
    }
    return (double) readers * RANDOM_READS;
  }

  /** The first bytes of many files, one reader for each; counts files. */
  static double readBeginnings(List<Path> files, int bytes)
      throws IOException, InterruptedException {
    Iterator<Path> next = files.iterator();
    inParallel(
        files.size(),
        () -> {
          Path file = take(next);
          if (file != null) {
            readBeginning(file, bytes);
          }
          return 0;
        });
    return files.size();
  }

  /** Reads so many bytes of a file, which has more. */
  static void readBeginning(Path file, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.min(bytes, BUFFER_BYTES));
    try (FileChannel channel = FileChannel.open(file)) {
      for (int left = bytes; left > 0; ) {
        int count = channel.read(buffer.clear().limit(Math.min(left, buffer.capacity())));
        if (count < 0) {
          throw new IOException(file + " ends early");
        }
        left -= count;
      }
    }
  }

  /** Seconds until the first entry of a directory is there. */
  static double firstEntry(Path directory) throws IOException {
    long started = System.nanoTime();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.iterator().next();
    }
    return (System.nanoTime() - started) / 1e9;
  }

  /** What {@code ls -lR} shows; counts its lines for files, of which so many are expected. */
  static double list(Path directory, int expected) throws IOException, InterruptedException {
    Process ls =
        new ProcessBuilder("ls", "-lR", directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long files;
    try (BufferedReader lines = ls.inputReader()) {
      files = lines.lines().filter(line -> line.startsWith("-")).count();
    }
    if (ls.waitFor() != 0 || files != expected) {
      throw new IOException("ls shows " + files + " files");
    }
    return files;
  }

  private static void inParallel(int threads, Work work) throws IOException, InterruptedException {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Double>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(work::run));
      }
      for (Future<Double> one : running) {
        one.get();
      }
    } catch (ExecutionException failure) {
      throw new IOException(failure.getCause());
    }
  }

  /** Writes a file and closes it; counts MiB. */
  static double write(Path file, byte[] chunk, int chunks) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < chunks; i++) {
        ByteBuffer buffer = ByteBuffer.wrap(chunk);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      channel.force(true);
    }
    return (double) chunk.length * chunks / (1 << 20);
  }

  /** Writes many files, so many at once; counts files. */
  static double writeAll(Path directory, List<String> names, byte[] content, int writers)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Iterator<Path> next = names.stream().map(directory::resolve).iterator();
    inParallel(
        writers,
        () -> {
          for (Path file = take(next); file != null; file = take(next)) {
            Files.write(file, content);
          }
          return 0;
        });
    return names.size();
  }

  /** Removes the files of a directory, if there is one; counts nothing. */
  static double clear(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> list = Files.list(directory)) {
        for (Path file : list.toList()) {
          Files.delete(file);
        }
      }
    }
    return 0;
  }
}
