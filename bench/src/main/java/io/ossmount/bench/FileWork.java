package io.ossmount.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Work on files, the same for a mount and for the local disk. Every read is checked to have the
 * right length.
 */
final class FileWork {
  private static final int BUFFER_BYTES = 1 << 20;

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

  /** Opens, reads and closes each file of a directory in the order of their names; counts files. */
  static double readAll(Path directory, int expectedBytes) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(directory)) {
      files = list.sorted().toList();
    }
    for (Path file : files) {
      int length = Files.readAllBytes(file).length;
      if (length != expectedBytes) {
        throw new IOException(file + " has " + length + " bytes, not " + expectedBytes);
      }
    }
    return files.size();
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

  /** Writes many files, one after another; counts files. */
  static double writeAll(Path directory, int count, byte[] content) throws IOException {
    Files.createDirectories(directory);
    for (int i = 0; i < count; i++) {
      Files.write(directory.resolve("file-" + i), content);
    }
    return count;
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
