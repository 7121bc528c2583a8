package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults of OSS on each way by which bytes come to a program: they come right, or the right errno
 * comes in time. Needs root and /dev/fuse.
 */
@Timeout(120)
final class ReadFaultsIT {
  private static final int MIB = 1 << 20;
  private static final int SMALL = 50_000;

  /** Files of a directory that is read in order. */
  private static final int MOST = 10;

  @TempDir Path directory;

  /**
   * A way by which bytes come. Its files have names of their own, and are there before the mount
   * looks at their directory.
   */
  private enum Way {
    BLOCK(3 * MIB + 17) {
      @Override
      void go(Bed bed, String name, byte[] bytes) throws IOException {
        try (FileChannel file = bed.open(name)) {
          for (int at : new int[] {2 * MIB + 5, 100, MIB - 50}) {
            compare(bytes, at, read(file, at, 100));
          }
        }
      }
    },
    READ_AHEAD(4 * MIB + 17) {
      @Override
      void go(Bed bed, String name, byte[] bytes) throws IOException {
        assertThat(Files.readAllBytes(bed.path(name))).isEqualTo(bytes);
      }
    },
    WHOLE_IN_OPEN(SMALL) {
      @Override
      void go(Bed bed, String name, byte[] bytes) throws IOException {
        assertThat(Files.readAllBytes(bed.path(name))).isEqualTo(bytes);
      }
    },
    FILES_AHEAD(SMALL) {
      @Override
      void go(Bed bed, String name, byte[] bytes) throws IOException {
        Path first = bed.path(name);
        try (var listing = Files.newDirectoryStream(first.resolveSibling(""))) {
          assertThat(listing).hasSize(MOST);
        }
        for (int i = 0; i < MOST; i++) {
          assertThat(Files.readAllBytes(first.resolveSibling("" + i))).isEqualTo(bytes);
        }
      }
    },
    REMOVED_WHILE_OPEN(2 * MIB + 17) {
      @Override
      void go(Bed bed, String name, byte[] bytes) throws IOException {
        try (FileChannel file = bed.open(name)) {
          compare(bytes, 0, read(file, 0, 100));
          Files.delete(bed.path(name));
          compare(bytes, 0, read(file, 0, bytes.length));
        }
      }
    },
    RENAMED_WHILE_OPEN(2 * MIB + 17) {
      @Override
      void go(Bed bed, String name, byte[] bytes) throws IOException {
        try (FileChannel file = bed.open(name)) {
          compare(bytes, 0, read(file, 0, 100));
          Files.move(bed.path(name), bed.path(name + "-moved"));
          compare(bytes, 0, read(file, 0, bytes.length));
        }
      }
    },
    BASE_OF_WHAT_IS_WRITTEN(2 * MIB + 17) {
      @Override
      void go(Bed bed, String name, byte[] bytes) throws IOException {
        byte[] patch = {1, 2, 3, 4, 5};
        try (FileChannel file = FileChannel.open(bed.path(name), StandardOpenOption.WRITE)) {
          file.write(ByteBuffer.wrap(patch), MIB + 9);
        }
        System.arraycopy(patch, 0, bytes, MIB + 9, patch.length);
        assertThat(Files.readAllBytes(bed.path(name))).isEqualTo(bytes);
      }
    };

    private final int size;

    Way(int size) {
      this.size = size;
    }

    byte[] prepare(Bed bed, String name) {
      if (this == FILES_AHEAD) {
        for (int i = 1; i < MOST; i++) {
          bed.mounted.put(Path.of(name).resolveSibling("" + i).toString(), bed.bytes(name, size));
        }
      }
      return bed.mounted.put(name, bed.bytes(name, size));
    }

    abstract void go(Bed bed, String name, byte[] bytes) throws IOException;
  }

  /** A mount and what the ways do with it. */
  private record Bed(KernelMount mounted) {
    byte[] bytes(String key, int size) {
      return KernelMount.random(size, key.hashCode());
    }

    Path path(String key) {
      return mounted.root.resolve(key);
    }

    FileChannel open(String key) throws IOException {
      return FileChannel.open(path(key));
    }

    int add(String pattern, int times, Effect effect) {
      return mounted
          .emulator
          .faults()
          .add(Fault.on(Operation.GET_OBJECT).key(pattern).times(times).gives(effect));
    }
  }

  private static byte[] read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    while (into.hasRemaining() && file.read(into, at + into.position()) >= 0) {
      // Up to the end of the file.
    }
    return Arrays.copyOf(into.array(), into.position());
  }

  private static void compare(byte[] expected, int at, byte[] read) {
    assertThat(read).isEqualTo(Arrays.copyOfRange(expected, at, at + read.length)).isNotEmpty();
  }

  @Test
  void aFaultThatPassesIsNotSeenOnAnyWay() throws Exception {
    List<Effect> anywhere =
        List.of(
            Effect.answer(500, "InternalError"),
            Effect.answer(503, "ServiceUnavailable"),
            Effect.slowDown(),
            Effect.qpsLimitExceeded(),
            new Effect.Delay(Duration.ofMillis(200)),
            new Effect.SlowBody(MIB),
            new Effect.CutBody(0, false),
            new Effect.CutBody(30_001, false),
            new Effect.CutBody(30_001, true),
            new Effect.Reset(false),
            new Effect.Reset(true));
    try (KernelMount mounted = new KernelMount(directory)) {
      Bed bed = new Bed(mounted);
      Map<String, Callable<Boolean>> works = new LinkedHashMap<>();
      for (Effect effect : anywhere) {
        for (Way way : Way.values()) {
          put(works, bed, way, effect);
        }
      }
      // A part of an object has no checksum.
      for (Effect effect : List.of(new Effect.FlipBit(12_345), new Effect.WrongCrc())) {
        put(works, bed, Way.WHOLE_IN_OPEN, effect);
        put(works, bed, Way.FILES_AHEAD, effect);
      }
      together(works);
      assertThat(mounted.emulator.faults().all())
          .allSatisfy(fault -> assertThat(fault.hits()).isPositive());
    }
  }

  private static void put(Map<String, Callable<Boolean>> works, Bed bed, Way way, Effect effect) {
    String directory = "%03d-%s".formatted(works.size(), way);
    int _ = bed.add(directory + "/*", 2, effect);
    String name = directory + "/0";
    byte[] bytes = way.prepare(bed, name);
    works.put(
        directory + " " + effect,
        () -> {
          way.go(bed, name, bytes);
          return true;
        });
  }

  @Test
  void aFaultThatStaysIsToldInTimeAndIsOverWhenItIs() throws Exception {
    Duration limit = Duration.ofSeconds(5);
    Map<Effect, String> faults = new LinkedHashMap<>();
    faults.put(Effect.answer(500, "InternalError"), "Input/output error");
    faults.put(Effect.slowDown(), "Input/output error");
    faults.put(Effect.answer(403, "AccessDenied"), "Permission denied");
    faults.put(new Effect.Delay(Duration.ofSeconds(60)), "Connection timed out");
    faults.put(new Effect.SlowBody(1_000), "Input/output error");
    faults.put(new Effect.CutBody(100, false), "Connection timed out");
    faults.put(new Effect.CutBody(0, true), "Connection timed out");
    faults.put(new Effect.Reset(true), "Connection timed out");
    faults.put(new Effect.FlipBit(12_345), "Input/output error");
    faults.put(new Effect.WrongCrc(), "Input/output error");
    KernelMount.Settings settings = KernelMount.Settings.USUAL.withOperation(limit);
    try (KernelMount mounted = new KernelMount(directory, settings)) {
      Bed bed = new Bed(mounted);
      Map<String, Callable<Boolean>> works = new LinkedHashMap<>();
      Map<String, byte[]> contents = new LinkedHashMap<>();
      faults.forEach((effect, errno) -> {
        boolean isFoundWhenWhole =
            effect instanceof Effect.FlipBit || effect instanceof Effect.WrongCrc;
        for (int size : isFoundWhenWhole ? new int[] {SMALL} : new int[] {SMALL, 3 * MIB}) {
          String name = "file-" + works.size();
          contents.put(name, mounted.put(name, bed.bytes(name, size)));
          int _ = bed.add(name, Integer.MAX_VALUE, effect);
          works.put(name + " " + effect, () -> fails(bed, name, size / 2, errno, limit));
        }
      });
      together(works);
      mounted.emulator.faults().clear();
      for (var file : contents.entrySet()) {
        assertThat(Files.readAllBytes(bed.path(file.getKey()))).isEqualTo(file.getValue());
      }
    }
  }

  /** No call takes much longer than the store may. */
  private static boolean fails(Bed bed, String name, int offset, String errno, Duration limit)
      throws IOException {
    // A read that fails is asked for a second time by the kernel.
    Duration patience = limit.multipliedBy(2).plusSeconds(30);
    long start = System.nanoTime();
    try (FileChannel file = bed.open(name)) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).as("open").isLessThan(patience);
      start = System.nanoTime();
      byte[] read = read(file, offset, 100);
      throw new AssertionError("%d bytes were read".formatted(read.length));
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(errno);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).as("read").isLessThan(patience);
    }
    return true;
  }

  private static void together(Map<String, Callable<Boolean>> works) throws InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(24)) {
      Map<String, Future<Boolean>> started = new LinkedHashMap<>();
      works.forEach((name, work) -> started.put(name, threads.submit(work)));
      List<String> failed = new ArrayList<>();
      for (var work : started.entrySet()) {
        try {
          work.getValue().get();
        } catch (java.util.concurrent.ExecutionException e) {
          failed.add(work.getKey() + ": " + e.getCause());
        }
      }
      assertThat(failed).isEmpty();
    }
  }
}
