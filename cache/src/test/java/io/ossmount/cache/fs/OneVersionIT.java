package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.block.CacheLimits;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is read through one descriptor is one version of the object, whatever happens meanwhile: it
 * is replaced, evicted, its cache files are deleted, or (between two mounts) damaged. Needs root
 * and /dev/fuse.
 *
 * <p>Each run has other seeds, which a failure tells; {@code -Dossmount.seed=N} begins with that
 * one, {@code -Dossmount.seconds=N} goes on for so long.
 */
@Timeout(1200)
final class OneVersionIT {
  private static final long SEED = Long.getLong("ossmount.seed", System.nanoTime() % 1_000_000);
  private static final Duration TIME = Duration.ofSeconds(Long.getLong("ossmount.seconds", 12));
  private static final int STEPS = 250;
  private static final int OBJECTS = 6;

  /** More than is fetched before anybody reads it: so parts of a version are not there. */
  private static final int MOST_BYTES = 6 << 20;

  private static final int MOST_OPEN = 8;
  private static final Duration KNOWN = Duration.ofMillis(40);
  private static final KernelMount.Settings SETTINGS =
      KernelMount.Settings.USUAL.withCacheBytes(16 << 20).withTimeouts(KNOWN);

  @TempDir Path directory;

  @Test
  void randomSequencesReadOneVersionForEachOpen() throws IOException {
    long end = System.nanoTime() + TIME.toNanos();
    long seed = SEED;
    do {
      Path own = Files.createDirectory(directory.resolve("seed-" + seed));
      try (Sequence sequence = new Sequence(own, seed)) {
        sequence.run();
      }
      seed++;
    } while (System.nanoTime() < end);
  }

  @Test
  void readersAtOnceReadOneVersionForEachOpen() throws Exception {
    try (KernelMount mounted = new KernelMount(directory, SETTINGS);
        ExecutorService threads = Executors.newFixedThreadPool(5)) {
      List<ObjectHistory> objects = objects(mounted, new Random(SEED));
      AtomicBoolean over = new AtomicBoolean();
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Random random = new Random(SEED + i);
        readers.add(threads.submit(reader(mounted, objects, random, over)));
      }
      Random random = new Random(SEED + 100);
      Future<?> replacer =
          threads.submit(() -> {
            while (!over.get()) {
              ObjectHistory object = objects.get(random.nextInt(OBJECTS));
              object.replace(mounted, random, MOST_BYTES);
              await().pollInterval(Duration.ofMillis(5)).until(object::isSettled);
            }
          });
      try {
        readers.getFirst().get();
      } finally {
        over.set(true);
        for (Future<?> reader : readers) {
          reader.get();
        }
        replacer.get();
      }
    } catch (Exception e) {
      throw new AssertionError("-Dossmount.seed=" + SEED, e);
    }
  }

  @Test
  void whoOpensAFileAfterEstaleHasTheNewVersionThoughTheKernelRemembersItsName()
      throws IOException {
    byte[] old = KernelMount.random(12 << 20, 1);
    byte[] next = KernelMount.random(12 << 20, 2);
    try (KernelMount mounted = new KernelMount(directory)) {
      Path path = mounted.root.resolve("f");
      mounted.put("f", old);
      try (FileChannel file = FileChannel.open(path)) {
        assertThat(file.read(ByteBuffer.allocate(1), 0)).isOne();
        mounted.put("f", next);
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), old.length - 1))
            .hasMessageContaining("Stale file handle");

        assertThat(Files.readAllBytes(path)).isEqualTo(next);
      }
    }
  }

  private static Callable<Void> reader(
      KernelMount mounted, List<ObjectHistory> objects, Random random, AtomicBoolean over) {
    long end = System.nanoTime() + TIME.toNanos() / 2;
    return () -> {
      while (!over.get() && System.nanoTime() < end) {
        ObjectHistory object = objects.get(random.nextInt(OBJECTS));
        try (PinnedFile file = PinnedFile.open(mounted.root, object, random.nextInt(4) == 0)) {
          for (int i = random.nextInt(5); i > 0; i--) {
            file.readSomewhere(random);
          }
          if (random.nextBoolean()) {
            file.readAll();
          }
        } catch (IOException e) {
          // The kernel tries again once: two replacements during one open are told.
          if (!PinnedFile.isStale(e)) {
            throw e;
          }
        }
      }
      return null;
    };
  }

  private static List<ObjectHistory> objects(KernelMount mounted, Random random) {
    List<ObjectHistory> objects =
        IntStream.range(0, OBJECTS)
            .mapToObj(i -> new ObjectHistory("d/object-" + i, KNOWN.toNanos()))
            .toList();
    objects.forEach(object -> object.replace(mounted, random, MOST_BYTES));
    return objects;
  }

  /** One random sequence. */
  private static final class Sequence implements AutoCloseable {
    private final long seed;
    private final Random random;
    private final KernelMount mounted;
    private final List<ObjectHistory> objects;
    private final List<PinnedFile> open = new ArrayList<>();
    private final MappedFiles mapped = new MappedFiles();
    private String step = "start";

    Sequence(Path directory, long seed) throws IOException {
      this.seed = seed;
      this.random = new Random(seed);
      this.mounted = new KernelMount(directory, SETTINGS);
      this.objects = objects(mounted, random);
    }

    void run() throws IOException {
      try {
        for (int i = 0; i < STEPS; i++) {
          step(i);
        }
        closeAll();
        for (ObjectHistory object : objects) {
          await().pollInterval(Duration.ofMillis(5)).until(object::isSettled);
          assertThat(Files.readAllBytes(mounted.root.resolve(object.key())))
              .isEqualTo(object.latest().bytes());
        }
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("-Dossmount.seed=%d, step %s".formatted(seed, step), e);
      }
    }

    private void step(int number) throws IOException {
      int choice = random.nextInt(100);
      step = "%d (%d)".formatted(number, choice);
      if (choice < 22) {
        open();
      } else if (choice < 46) {
        withOpen(file -> file.readSomewhere(random));
      } else if (choice < 58) {
        withOpen(PinnedFile::readOn);
      } else if (choice < 66) {
        withOpen(PinnedFile::readAll);
      } else if (choice < 76) {
        withOpen(file -> {
          open.remove(file);
          file.close();
        });
      } else if (choice < 80) {
        mapped.map(mounted.root, any());
      } else if (choice < 86) {
        mapped.look(random);
      } else if (choice < 89) {
        any().replace(mounted, random, MOST_BYTES);
      } else if (choice < 92) {
        replaceWhileItIsRead();
      } else if (choice < 95) {
        await().pollInterval(Duration.ofMillis(5)).until(any()::isSettled);
      } else if (choice < 96) {
        mounted.blocks.limits(new CacheLimits((1L + random.nextInt(16)) << 20, 0, 64L << 20));
      } else if (choice < 98) {
        anyFile().ifPresent(Sequence::delete);
      } else {
        closeAll();
        mounted.restart(this::damageSome);
      }
    }

    private void open() throws IOException {
      if (open.size() == MOST_OPEN) {
        open.removeFirst().close();
      }
      open.add(PinnedFile.open(mounted.root, any(), random.nextInt(3) == 0));
    }

    private void replaceWhileItIsRead() throws IOException {
      ObjectHistory object = any();
      try (PinnedFile file = PinnedFile.open(mounted.root, object, random.nextBoolean())) {
        file.readOn();
        object.replace(mounted, random, MOST_BYTES);
        for (int i = 0; i < 5; i++) {
          file.readSomewhere(random);
        }
      }
    }

    private ObjectHistory any() {
      return objects.get(random.nextInt(OBJECTS));
    }

    private interface Reading {
      void of(PinnedFile file) throws IOException;
    }

    private void withOpen(Reading reading) throws IOException {
      if (!open.isEmpty()) {
        reading.of(open.get(random.nextInt(open.size())));
      }
    }

    private java.util.Optional<Path> anyFile() throws IOException {
      try (Stream<Path> files = Files.list(mounted.blocksDirectory())) {
        List<Path> all = files.filter(file -> !file.endsWith("lock")).sorted().toList();
        return all.isEmpty()
            ? java.util.Optional.empty()
            : java.util.Optional.of(all.get(random.nextInt(all.size())));
      }
    }

    private static void delete(Path file) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void damageSome() throws IOException {
      for (int i = random.nextInt(4); i > 0; i--) {
        var file = anyFile();
        if (file.isPresent()) {
          damage(file.get());
        }
      }
    }

    private void damage(Path file) throws IOException {
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        long size = open.length();
        if (size == 0 || random.nextInt(4) == 0) {
          open.setLength(size / 2);
          return;
        }
        open.seek(random.nextLong(size));
        int before = open.read();
        open.seek(open.getFilePointer() - 1);
        open.write(before ^ (1 << random.nextInt(8)));
      }
    }

    private void closeAll() throws IOException {
      for (PinnedFile file : open) {
        file.close();
      }
      open.clear();
      mapped.close();
    }

    @Override
    public void close() throws IOException {
      closeAll();
      mounted.close();
    }
  }
}
