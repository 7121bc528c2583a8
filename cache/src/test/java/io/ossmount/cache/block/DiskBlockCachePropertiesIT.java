package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.awaitility.Awaitility;

/** Whatever is opened, read, replaced, adopted, dropped and restarted: the bytes are right. */
class DiskBlockCachePropertiesIT {
  private static final int MIB = 1 << 20;
  private static final int OBJECTS = 6;

  /** Smaller than the objects together, so that some have to leave. */
  private static final CacheLimits LIMITS = new CacheLimits(5L * MIB, 0, 256L << 20);

  enum Action {
    READ,
    READ_CACHED,
    READ_ALL,
    OPEN,
    CLOSE,
    REPLACE,
    ADOPT,
    DROP,
    RESTART
  }

  /** Something that is done to an object. */
  record Step(Action action, int object, int seed) {}

  @Property(tries = 60)
  void the_bytes_are_those_of_the_version(@ForAll("steps") @Size(max = 60) List<Step> steps)
      throws IOException {
    Path temporary = Files.createTempDirectory("cache-properties-");
    try (Run run = new Run(temporary)) {
      for (Step step : steps) {
        run.take(step);
      }
      run.readEverything();
    } finally {
      delete(temporary);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Action> action =
        Arbitraries.frequency(
            Tuple.of(8, Action.READ),
            Tuple.of(4, Action.READ_CACHED),
            Tuple.of(3, Action.READ_ALL),
            Tuple.of(4, Action.OPEN),
            Tuple.of(4, Action.CLOSE),
            Tuple.of(1, Action.REPLACE),
            Tuple.of(1, Action.ADOPT),
            Tuple.of(1, Action.DROP),
            Tuple.of(1, Action.RESTART));
    return Combinators.combine(
            action, Arbitraries.integers().between(0, OBJECTS - 1), Arbitraries.integers())
        .as(Step::new)
        .list();
  }

  /** One sequence of steps, with what is right at hand. */
  private static final class Run implements AutoCloseable {
    private final Path directory;
    private final Path temporary;
    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final List<byte[]> contents = new ArrayList<>();
    private final List<ObjectVersion> versions = new ArrayList<>();
    private final List<CachedObject> open = new ArrayList<>();
    private final List<byte[]> openContents = new ArrayList<>();
    private DiskBlockCache cache;

    Run(Path temporary) throws IOException {
      this.temporary = temporary;
      this.directory = temporary.resolve("cache");
      for (int i = 0; i < OBJECTS; i++) {
        contents.add(new byte[0]);
        versions.add(new ObjectVersion("", "", 0));
        replace(i, i);
      }
      this.cache = start();
    }

    void take(Step step) throws IOException {
      Random random = new Random(step.seed());
      switch (step.action()) {
        case READ -> withOpen(random, (object, bytes) -> readSome(object, bytes, random, false));
        case READ_CACHED ->
            withOpen(random, (object, bytes) -> readSome(object, bytes, random, true));
        case READ_ALL -> readAll(step.object());
        case OPEN -> {
          open.add(cache.open(versions.get(step.object())));
          openContents.add(contents.get(step.object()));
        }
        case CLOSE -> {
          if (!open.isEmpty()) {
            int which = random.nextInt(open.size());
            open.remove(which).close();
            openContents.remove(which);
          }
        }
        case REPLACE -> {
          closeAll();
          cache.drop(versions.get(step.object()));
          replace(step.object(), step.seed());
        }
        case ADOPT -> {
          closeAll();
          replace(step.object(), step.seed());
          Path staging = Files.write(temporary.resolve("staging"), contents.get(step.object()));
          cache.adopt(versions.get(step.object()), staging);
          assertThat(staging).doesNotExist();
        }
        case DROP -> cache.drop(versions.get(step.object()));
        case RESTART -> {
          closeAll();
          cache.close();
          cache = start();
        }
      }
      assertThat(cache.usage().usedBytes()).isLessThanOrEqualTo(LIMITS.sizeBytes());
    }

    void readEverything() {
      for (int i = 0; i < OBJECTS; i++) {
        readAll(i);
      }
    }

    @Override
    public void close() {
      closeAll();
      cache.close();
    }

    private interface Reading {
      void on(CachedObject object, byte[] bytes);
    }

    private void withOpen(Random random, Reading reading) {
      if (!open.isEmpty()) {
        int which = random.nextInt(open.size());
        reading.on(open.get(which), openContents.get(which));
      }
    }

    private static void readSome(
        CachedObject object, byte[] bytes, Random random, boolean cachedOnly) {
      int offset = random.nextInt(bytes.length + 10);
      int length = 1 + random.nextInt(random.nextBoolean() ? 5_000 : 2 * MIB);
      byte[] into = new byte[length];
      MemorySegment segment = MemorySegment.ofArray(into);
      int read = cachedOnly ? object.readCached(offset, segment) : object.read(offset, segment);
      if (read < 0) {
        assertThat(cachedOnly).isTrue();
        return;
      }
      int expected = Math.clamp(bytes.length - offset, 0, length);
      assertThat(read).isEqualTo(expected);
      if (read > 0) {
        assertThat(Arrays.mismatch(into, 0, read, bytes, offset, offset + read)).isNegative();
      }
    }

    private void readAll(int which) {
      byte[] into = new byte[contents.get(which).length];
      try (CachedObject object = cache.open(versions.get(which))) {
        for (int at = 0; at < into.length; ) {
          int length = Math.min(128 << 10, into.length - at);
          at += object.read(at, MemorySegment.ofArray(into).asSlice(at, length));
        }
      }
      assertThat(Arrays.equals(into, contents.get(which))).isTrue();
    }

    private void replace(int which, int seed) {
      Random random = new Random(seed);
      byte[] bytes = new byte[1 + random.nextInt(which % 2 == 0 ? 3 * MIB : 100_000)];
      random.nextBytes(bytes);
      contents.set(which, bytes);
      versions.set(which, store.with("key-" + which, bytes));
    }

    private void closeAll() {
      open.forEach(CachedObject::close);
      open.clear();
      openContents.clear();
    }

    private DiskBlockCache start() throws IOException {
      DiskBlockCache started = DiskBlockCache.start(directory, "b", store, LIMITS);
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(started::isReady);
      return started;
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
