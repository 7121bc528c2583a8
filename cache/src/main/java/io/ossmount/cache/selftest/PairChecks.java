package io.ossmount.cache.selftest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.ossmount.cache.store.Crc64;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** What depends on how a volume reads and writes: run once for each pair of modes. */
final class PairChecks {
  private static final int LARGE_BYTES = 32 << 20;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int SHARED_BYTES = 8 << 20;
  private static final int READERS = 4;
  private static final int LINES = 200;

  private final Subject subject;
  private final Pair pair;

  PairChecks(Subject subject, Pair pair) {
    this.subject = subject;
    this.pair = pair;
  }

  List<Check> all() {
    return List.of(
        check("BasicFile", this::basicFile),
        check("LargeFile", this::largeFile),
        check("Append", this::append),
        check("Truncate", this::truncate),
        check("RandomWrites", this::randomWrites),
        check("Fsync", this::fsync),
        check("Rename", this::rename),
        check("ConcurrentReaders", this::concurrentReaders));
  }

  /** Stays, to be looked at in the bucket. */
  private void basicFile() throws Exception {
    String name = Subject.basicFile(pair);
    byte[] text =
        IntStream.rangeClosed(1, LINES)
            .mapToObj(line -> String.format(Locale.ROOT, "%s, line %d%n", name, line))
            .reduce("", String::concat)
            .getBytes(UTF_8);
    Path file = Files.createDirectories(pair.root().resolve(Subject.DIRECTORY)).resolve(name);
    Files.write(file, text);
    expect(file, text);
    stored(subject.directoryPrefix() + name, text);
  }

  private void largeFile() throws Exception {
    Path file = file("large");
    Crc64 written = new Crc64();
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      for (int at = 0; at < LARGE_BYTES; at += CHUNK_BYTES) {
        ByteBuffer chunk = ByteBuffer.wrap(RandomBytes.of(at, CHUNK_BYTES));
        written.update(chunk.duplicate());
        writeAll(channel, chunk, at);
      }
    }
    Check.that(Files.size(file) == LARGE_BYTES, "%s has %d bytes", file, Files.size(file));
    Check.that(
        StoredObjects.crc64(file) == written.value(),
        "%s: what was read is not what was written",
        file);
    Files.delete(file);
  }

  private void append() throws Exception {
    Path file = file("append");
    byte[] whole = RandomBytes.of(1, 30_000);
    Files.write(file, Arrays.copyOf(whole, 10_000));
    for (int at = 10_000; at < whole.length; at += 10_000) {
      Files.write(file, Arrays.copyOfRange(whole, at, at + 10_000), APPEND);
    }
    expect(file, whole);
    stored(key("append"), whole);
  }

  private void truncate() throws Exception {
    Path file = file("truncate");
    byte[] before = RandomBytes.of(2, 100_000);
    Files.write(file, before);
    byte[] after = Arrays.copyOf(Arrays.copyOf(before, 30_000), 60_000);
    after[after.length - 1] = 1;
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      channel.truncate(30_000);
      Check.that(channel.size() == 30_000, "%s is not cut: %d bytes", file, channel.size());
      // What lies between is a hole.
      writeAll(channel, ByteBuffer.wrap(new byte[] {1}), after.length - 1L);
    }
    expect(file, after);
    stored(key("truncate"), after);
  }

  private void randomWrites() throws Exception {
    Path file = file("random");
    byte[] model = RandomBytes.of(3, CHUNK_BYTES);
    Files.write(file, model);
    SplittableRandom random = new SplittableRandom(4);
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      for (int i = 0; i < 40; i++) {
        int length = random.nextInt(1, 20_000);
        int at = random.nextInt(model.length - length);
        byte[] piece = RandomBytes.of(i, length);
        System.arraycopy(piece, 0, model, at, length);
        writeAll(channel, ByteBuffer.wrap(piece), at);
      }
    }
    expect(file, model);
    stored(key("random"), model);
  }

  /** In every write mode: fsync returns when OSS has the bytes. */
  private void fsync() throws Exception {
    Path file = file("fsync");
    byte[] bytes = RandomBytes.of(5, 50_000);
    try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
      writeAll(channel, ByteBuffer.wrap(bytes), 0);
      channel.force(true);
      StoredObjects.await(subject.store(), key("fsync"), bytes, Duration.ZERO);
    }
    expect(file, bytes);
  }

  private void rename() throws Exception {
    Path from = file("before");
    byte[] bytes = RandomBytes.of(6, 70_000);
    Files.write(from, bytes);
    Path to = from.resolveSibling("after");
    Files.move(from, to);
    Check.that(Files.notExists(from), "%s is there after it was renamed", from);
    expect(to, bytes);
    stored(key("after"), bytes);
    Check.that(
        subject.store().head(key("before")).isEmpty(),
        "the object %s is there after its file was renamed",
        key("before"));
  }

  private void concurrentReaders() throws Exception {
    Path file = file("shared");
    byte[] bytes = RandomBytes.of(7, SHARED_BYTES);
    Files.write(file, bytes);
    List<Callable<Void>> readers =
        IntStream.range(0, READERS)
            .<Callable<Void>>mapToObj(seed -> () -> readHereAndThere(file, bytes, seed))
            .toList();
    try (var threads = Executors.newFixedThreadPool(READERS)) {
      for (var reader : threads.invokeAll(readers)) {
        reader.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  @SuppressWarnings("NullAway") // The only value of a Void.
  private static Void readHereAndThere(Path file, byte[] bytes, int seed)
      throws IOException, Check.CheckFailed {
    SplittableRandom random = new SplittableRandom(seed);
    try (FileChannel channel = FileChannel.open(file, READ)) {
      for (int i = 0; i < 50; i++) {
        int length = random.nextInt(1, 100_000);
        int at = random.nextInt(bytes.length - length);
        ByteBuffer piece = ByteBuffer.allocate(length);
        while (piece.hasRemaining() && channel.read(piece, at + piece.position()) > 0) {
          // Until all of it is there.
        }
        Check.that(
            Arrays.equals(piece.array(), Arrays.copyOfRange(bytes, at, at + length)),
            "%s: %d bytes at %d are wrong",
            file,
            length,
            at);
      }
    }
    return null;
  }

  private void stored(String key, byte[] bytes) throws Exception {
    StoredObjects.await(
        subject.store(),
        key,
        bytes,
        pair.isThrough() ? Duration.ZERO : subject.options().patience());
  }

  private static void expect(Path file, byte[] bytes) throws IOException, Check.CheckFailed {
    byte[] read = Files.readAllBytes(file);
    int at = Arrays.mismatch(read, bytes);
    Check.that(
        at < 0,
        "%s: what was read (%d bytes) differs from what was written (%d bytes) at %d",
        file,
        read.length,
        bytes.length,
        at);
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes, long offset)
      throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  private Check check(String name, Check.Silent body) {
    return Check.writing(pair.name() + "/" + name, body);
  }

  private Path file(String name) throws IOException {
    return Files.createDirectories(subject.scratch(pair).resolve(pair.name())).resolve(name);
  }

  private String key(String name) {
    return subject.scratchPrefix() + pair.name() + "/" + name;
  }
}
