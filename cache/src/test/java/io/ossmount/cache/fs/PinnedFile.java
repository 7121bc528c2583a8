package io.ossmount.cache.fs;

import io.ossmount.cache.fs.ObjectHistory.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A descriptor, and the versions that it can be of after all that was read from it: never none. Not
 * thread-safe.
 */
final class PinnedFile implements AutoCloseable {
  private static final int PAGE = 4096;
  private static final int SEQUENTIAL_BYTES = 128 << 10;

  /** Of the JDK, but in none of its documented packages. */
  private static final OpenOption DIRECT = direct();

  private final String key;
  private final FileChannel channel;
  private final boolean direct;
  private final List<Version> choices;
  private long position;

  private PinnedFile(String key, FileChannel channel, boolean direct, List<Version> choices) {
    this.key = key;
    this.channel = channel;
    this.direct = direct;
    this.choices = choices;
  }

  private static OpenOption direct() {
    try {
      return Arrays.stream(Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants())
          .map(OpenOption.class::cast)
          .filter(option -> option.toString().equals("DIRECT"))
          .findFirst()
          .orElseThrow();
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Opens the file of an object; {@code direct}: past the kernel's page cache. */
  static PinnedFile open(Path root, ObjectHistory object, boolean direct) throws IOException {
    long start = System.nanoTime();
    OpenOption[] options =
        direct
            ? new OpenOption[] {StandardOpenOption.READ, DIRECT}
            : new OpenOption[] {StandardOpenOption.READ};
    FileChannel channel = FileChannel.open(root.resolve(object.key()), options);
    return new PinnedFile(object.key(), channel, direct, object.choices(start));
  }

  /** Reads anywhere. */
  void readSomewhere(Random random) throws IOException {
    long size = choices.getLast().bytes().length;
    long offset = random.nextLong(size + PAGE);
    int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 600_000 : 10_000);
    read(offset, length);
  }

  /** Reads on where the last such call has ended, from the beginning after the end. */
  void readOn() throws IOException {
    int count = read(position, SEQUENTIAL_BYTES);
    position = count == 0 ? 0 : position + count;
  }

  /** Reads from the beginning to the end. */
  void readAll() throws IOException {
    int count = 1;
    for (long at = 0; count > 0; at += count) {
      count = read(at, SEQUENTIAL_BYTES);
    }
  }

  private int read(long offset, int length) throws IOException {
    long at = direct ? offset / PAGE * PAGE : offset;
    int wanted = direct ? (length + PAGE - 1) / PAGE * PAGE : length;
    byte[] read;
    try {
      read = bytes(at, wanted);
    } catch (IOException e) {
      if (!isStale(e)) {
        throw e;
      }
      keep(choices.stream().filter(Version::isLeaving).toList(), "ESTALE at " + at);
      return 0;
    }
    keep(
        choices.stream().filter(version -> version.has(at, wanted, read)).toList(),
        "%d of %d bytes at %d".formatted(read.length, wanted, at));
    return read.length;
  }

  static boolean isStale(IOException failure) {
    return String.valueOf(failure.getMessage()).contains("Stale file handle");
  }

  private void keep(List<Version> possible, String what) {
    if (possible.isEmpty()) {
      throw new AssertionError(
          "%s: %s are of no version that it may be, sizes %s"
              .formatted(
                  key, what, choices.stream().map(version -> version.bytes().length).toList()));
    }
    choices.retainAll(possible);
  }

  private byte[] bytes(long offset, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocateDirect(length + 2 * PAGE).alignedSlice(PAGE).limit(length);
    while (into.hasRemaining()) {
      int count = channel.read(into, offset + into.position());
      if (count < 0 || (direct && count % PAGE != 0)) {
        break;
      }
    }
    byte[] bytes = new byte[into.position()];
    into.flip().get(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
