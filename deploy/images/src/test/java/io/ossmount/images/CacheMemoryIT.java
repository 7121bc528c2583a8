package io.ossmount.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The cache image, with its supervisor, with 128 readers of large objects and 128 of small ones,
 * all cold, in a control group with as much memory as a cache pod has. Needs root, /dev/fuse and
 * control groups.
 */
@Timeout(600)
class CacheMemoryIT {
  private static final int READERS = 128;
  private static final int LARGE_BYTES = 5 << 20;
  private static final int SMALL_BYTES = 64 << 10;
  private static final int PIECE_BYTES = 64 << 10;
  private static final long MIB = 1 << 20;

  private final List<AutoCloseable> parts = new ArrayList<>();
  @TempDir private Path directory;
  private Path objects;
  private UnpackedImage image;

  @BeforeEach
  void makeObjects() throws Exception {
    objects = Files.createDirectory(directory.resolve("objects"));
    for (int i = 0; i < READERS; i++) {
      Files.write(objects.resolve("large-" + i), bytes(i, LARGE_BYTES));
      Files.write(objects.resolve("small-" + i), bytes(-1 - i, SMALL_BYTES));
    }
    image = UnpackedImage.of(Product.CACHE, Files.createDirectory(directory.resolve("image")));
  }

  @AfterEach
  void end() throws Exception {
    for (var part : parts.reversed()) {
      part.close();
    }
  }

  /**
   * The default of the spec; half of it; half of it on a disk that has no room for a block, so that
   * all of them are in memory; the least that has no warning.
   */
  @ParameterizedTest
  @CsvSource({"1024, 10737418240", "512, 10737418240", "512, 100000", "448, 10737418240"})
  void readersOfWhatIsNotCachedStayInsideTheMemoryOfThePod(long limitMib, long cacheBytes)
      throws Exception {
    // given
    var emulator =
        ClassPath.read(
            Path.of(System.getProperty("ossmount.root")),
            Product.OSS_EMULATOR,
            System.getProperty("ossmount.version"));
    var stage = keep(Stage.set(directory.resolve("stage"), emulator, objects, cacheBytes));
    var group =
        keep(ControlGroup.create("ossmount-" + ProcessHandle.current().pid(), limitMib * MIB));
    var cache = keep(Child.start(group.in(command(stage)), directory.resolve("cache.log")));
    stage.awaitServed(cache);
    assertThat(stage.isMounted()).as("this test needs root and /dev/fuse").isTrue();
    var idle = group.unreclaimableBytes();
    // when
    var most = mostWhile(readAll(stage.target()), group);
    // then
    System.out.printf("limit %d MiB: idle %d MiB, most %d MiB%n", limitMib, idle / MIB, most / MIB);
    assertThat(group.kills()).isZero();
    assertThat(most).isLessThan(limitMib * MIB);
    assertThat(cache.output()).contains("memory %d MiB".formatted(limitMib));
    stage.unmount();
    cache.end();
  }

  private List<String> command(Stage stage) throws Exception {
    var learned =
        List.of(
            "-XX:AOTCache=" + image.at("/opt/ossmount/classes.aot"),
            "-Dossmount.warm-classes=" + image.at("/opt/ossmount/warm-classes"));
    var temporary = Files.createDirectory(directory.resolve("tmp"));
    var server = new ArrayList<>(image.command(temporary, learned));
    server.add("serve");
    var command = new ArrayList<String>(List.of("env"));
    command.addAll(stage.environment());
    command.addAll(image.supervised(server));
    return command;
  }

  /** All at the same time; each fails when a byte is wrong. */
  private List<Future<Void>> readAll(Path target) {
    var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
    var reads = new ArrayList<Future<Void>>();
    for (int i = 0; i < READERS; i++) {
      reads.add(threads.submit(reader(target.resolve("large-" + i), i, LARGE_BYTES)));
      reads.add(threads.submit(reader(target.resolve("small-" + i), -1 - i, SMALL_BYTES)));
    }
    return reads;
  }

  private static Callable<Void> reader(Path file, int seed, int length) {
    return () -> {
      var random = new SplittableRandom(seed);
      var expected = new byte[PIECE_BYTES];
      try (InputStream in = Files.newInputStream(file)) {
        for (int at = 0; at < length; at += PIECE_BYTES) {
          random.nextBytes(expected);
          assertThat(in.readNBytes(PIECE_BYTES)).as("%s at %d", file, at).isEqualTo(expected);
        }
        assertThat(in.read()).isEqualTo(-1);
      }
      return null;
    };
  }

  private static byte[] bytes(int seed, int length) {
    var random = new SplittableRandom(seed);
    var bytes = new byte[length];
    var piece = new byte[PIECE_BYTES];
    for (int at = 0; at < length; at += PIECE_BYTES) {
      random.nextBytes(piece);
      System.arraycopy(piece, 0, bytes, at, PIECE_BYTES);
    }
    return bytes;
  }

  /** The most that was seen until all have ended. */
  private static long mostWhile(List<Future<Void>> reads, ControlGroup group)
      throws IOException, ExecutionException, InterruptedException {
    var most = group.unreclaimableBytes();
    for (var read : reads) {
      var isOver = false;
      while (!isOver) {
        isOver = hasEnded(read);
        most = Math.max(most, group.unreclaimableBytes());
      }
    }
    return most;
  }

  private static boolean hasEnded(Future<Void> read)
      throws ExecutionException, InterruptedException {
    try {
      read.get(10, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillReading) {
      return false;
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.add(part);
    return part;
  }
}
