package io.ossmount.cache.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A directory, by system calls. */
final class KernelTarget implements Target {
  private final Path root;

  KernelTarget(Path root) {
    this.root = root;
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }

  private static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Opened(FileChannel channel, boolean append) implements OpenFile {
    @Override
    public void write(long offset, byte[] bytes) {
      ByteBuffer from = ByteBuffer.wrap(bytes);
      int count = call(() -> append ? channel.write(from) : channel.write(from, offset));
      if (count != bytes.length) {
        throw new AssertionError("wrote " + count + " of " + bytes.length);
      }
    }

    @Override
    public byte[] read(long offset, int length) {
      ByteBuffer into = ByteBuffer.allocate(length);
      call(() -> {
        int count = 0;
        while (count >= 0 && into.hasRemaining()) {
          count = channel.read(into, offset + into.position());
        }
        return count;
      });
      return Arrays.copyOf(into.array(), into.position());
    }

    @Override
    public long size() {
      return call(channel::size);
    }

    /** Java extends no file by truncate(). */
    @Override
    public void truncate(long size) {
      call(() -> {
        extend(channel, size);
        return channel.truncate(size);
      });
    }

    @Override
    public void fsync() {
      call(() -> {
        channel.force(true);
        return channel;
      });
    }

    @Override
    public void close() {
      call(() -> {
        channel.close();
        return channel;
      });
    }
  }

  private static void extend(FileChannel channel, long size) throws IOException {
    if (channel.size() < size) {
      channel.write(ByteBuffer.allocate(1), size - 1);
    }
  }

  private OpenFile open(String path, boolean append, Set<OpenOption> options) {
    return new Opened(call(() -> FileChannel.open(root.resolve(path), options)), append);
  }

  @Override
  public OpenFile create(String path) {
    return open(
        path,
        false,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /** Java opens no file for both reading and appending, so an appender only writes. */
  @Override
  public OpenFile open(String path, boolean writing, boolean append, boolean truncate) {
    if (append) {
      return new Appender(
          call(() -> FileChannel.open(root.resolve(path), StandardOpenOption.APPEND)),
          call(() -> FileChannel.open(root.resolve(path), StandardOpenOption.READ)));
    }
    Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.READ));
    if (writing) {
      options.add(StandardOpenOption.WRITE);
    }
    if (truncate) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    if (Files.isDirectory(root.resolve(path))) {
      throw new UncheckedIOException(new IOException(path + " is a directory"));
    }
    return open(path, false, options);
  }

  private record Appender(FileChannel writer, FileChannel reader) implements OpenFile {
    @Override
    public void write(long offset, byte[] bytes) {
      new Opened(writer, true).write(offset, bytes);
    }

    @Override
    public byte[] read(long offset, int length) {
      return new Opened(reader, false).read(offset, length);
    }

    @Override
    public long size() {
      return call(writer::size);
    }

    @Override
    public void truncate(long size) {
      call(() -> {
        while (writer.size() < size) {
          long missing = Math.min(1 << 16, size - writer.size());
          writer.write(ByteBuffer.allocate((int) missing));
        }
        return writer.truncate(size);
      });
    }

    @Override
    public void fsync() {
      new Opened(writer, true).fsync();
    }

    @Override
    public void close() {
      new Opened(reader, false).close();
      new Opened(writer, true).close();
    }
  }

  @Override
  public void truncate(String path, long size) {
    OpenFile file = open(path, true, false, false);
    file.truncate(size);
    file.close();
  }

  @Override
  public void unlink(String path) {
    if (Files.isDirectory(root.resolve(path))) {
      throw new UncheckedIOException(new IOException(path + " is a directory"));
    }
    delete(path);
  }

  private void delete(String path) {
    call(() -> {
      Files.delete(root.resolve(path));
      return path;
    });
  }

  @Override
  public void mkdir(String path) {
    call(() -> Files.createDirectory(root.resolve(path)));
  }

  @Override
  public void rmdir(String path) {
    if (!Files.isDirectory(root.resolve(path))) {
      throw new UncheckedIOException(new IOException(path + " is no directory"));
    }
    delete(path);
  }

  /** With ATOMIC_MOVE Java calls rename(2) and nothing else. */
  @Override
  public void rename(String from, String to) {
    call(() -> Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE));
  }

  @Override
  public Set<String> list(String path) {
    return call(() -> {
      Set<String> names = new TreeSet<>();
      try (Stream<Path> children = Files.list(root.resolve(path))) {
        children.forEach(
            child -> names.add(child.getFileName() + (Files.isDirectory(child) ? "/" : "")));
      }
      return names;
    });
  }

  @Override
  public byte[] read(String path) {
    return call(() -> Files.readAllBytes(root.resolve(path)));
  }
}
