package io.ossmount.cache.reset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.block.BlockMemory;
import io.ossmount.cache.block.CacheLimits;
import io.ossmount.cache.block.DiskBlockCache;
import io.ossmount.cache.control.ResetReport;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.memory.InMemoryObjectStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Resets a cache on the disk. */
@Timeout(60)
class CacheResetIT {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final int BYTES = 1000;

  @TempDir Path directory;
  @TempDir Path image;
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ObjectVersion object = store.with("a", new byte[BYTES]);
  private final AtomicInteger filesReset = new AtomicInteger();
  private Optional<Running> running = Optional.empty();

  /** What a process has. */
  private record Running(DiskBlockCache cache, CacheReset reset, CacheReset.Contents contents) {
    void ask(String value) {
      reset.ask(value, contents);
    }

    void end() {
      reset.close();
      cache.close();
    }
  }

  @AfterEach
  void end() {
    running.ifPresent(Running::end);
  }

  @Test
  void nothing_is_dropped_and_told_when_nothing_is_asked() throws Exception {
    Running process = start("");
    read();
    restart("");

    assertThat(isCached()).isTrue();
    assertThat(process.reset().report()).isEmpty();
    assertThat(file()).doesNotExist();
  }

  @Test
  void a_new_directory_has_had_the_value_that_is_asked_for() throws Exception {
    Running process = start("monday");

    awaitDone("monday");
    assertThat(process.reset().report())
        .contains(new ResetReport("monday", 0, "", Optional.of(NOW)));
    read();
    restart("monday");
    assertThat(isCached()).isTrue();
  }

  @Test
  void another_value_drops_bytes_and_names_once() throws Exception {
    Running process = start("");
    read();
    long used = process.cache().usage().usedBytes();

    process.ask("monday");
    awaitDone("monday");

    assertThat(process.reset().report().orElseThrow().droppedBytes()).isEqualTo(used);
    assertThat(filesReset).hasPositiveValue();
    assertThat(isCached()).isFalse();
    read();
    process.ask("monday");
    process.ask("");
    process.ask("monday");
    assertThat(isCached()).isTrue();
    process.ask("tuesday");
    awaitDone("tuesday");
    assertThat(isCached()).isFalse();
  }

  @Test
  void a_value_asked_for_while_no_process_ran_drops_before_anything_is_used() throws Exception {
    Running first = start("monday");
    awaitDone("monday");
    read();
    long used = first.cache().usage().usedBytes();

    restart("tuesday");
    long sent = store.sentBytes();
    read();

    assertThat(store.sentBytes()).isEqualTo(sent + BYTES);
    awaitDone("tuesday");
    assertThat(report().droppedBytes()).isEqualTo(used);
  }

  @Test
  void a_directory_whose_file_is_damaged_is_reset() throws Exception {
    start("monday");
    awaitDone("monday");
    read();
    Files.writeString(file(), "value=monday\ndroppedBytes=many\n");

    restart("monday");

    awaitDone("monday");
    assertThat(isCached()).isFalse();
  }

  @Test
  void what_cannot_be_written_down_is_told_and_tried_again_without_another_loss() throws Exception {
    Running process = start("");
    read();
    Path inTheWay = Files.createDirectories(directory.resolve("reset.new"));

    process.ask("monday");
    await().until(() -> !report().error().isEmpty());
    assertThat(report().finished()).isEmpty();
    read();
    Files.delete(inTheWay);

    awaitDone("monday");
    assertThat(report().error()).isEmpty();
    assertThat(isCached()).isTrue();
  }

  @Test
  void what_was_open_in_a_process_that_was_killed_is_dropped_by_the_next_one() throws Exception {
    killWhileOpen();

    running = Optional.of(startIn(image, "monday", Duration.ofMillis(200)));

    awaitLeftDropped();
  }

  @Test
  void it_is_dropped_as_soon_as_no_session_of_that_process_comes_any_more() throws Exception {
    killWhileOpen();
    running = Optional.of(startIn(image, "monday", Duration.ofHours(1)));
    assertThat(isCached()).isTrue();

    process().reset().noneComes(process().contents());

    awaitLeftDropped();
  }

  private void killWhileOpen() throws Exception {
    Running killed = start("");
    read();
    CachedObject open = killed.cache().open(object);
    killed.ask("monday");
    awaitDone("monday");
    copyToImage();
    open.close();
    killed.end();
  }

  private void awaitLeftDropped() {
    await().until(() -> !isCached());
    await()
        .untilAsserted(
            () -> assertThat(Files.readString(image.resolve("reset"))).contains("inUse=\n"));
  }

  private void copyToImage() throws IOException {
    Files.createDirectories(image.resolve("blocks"));
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, image.resolve(directory.relativize(file)));
      }
    }
  }

  private Running start(String value) throws Exception {
    Running process = startIn(directory, value, Duration.ofHours(1));
    running = Optional.of(process);
    return process;
  }

  private void restart(String value) throws Exception {
    process().end();
    start(value);
  }

  private Running startIn(Path cacheDirectory, String value, Duration patience) throws Exception {
    CacheReset reset = new CacheReset(cacheDirectory.resolve("reset"), CLOCK);
    DiskBlockCache cache =
        DiskBlockCache.start(
            cacheDirectory.resolve("blocks"),
            "b",
            store,
            new CacheLimits(100L << 20, 0, 256L << 20),
            BlockMemory.USUAL,
            () -> reset.isDue(value));
    var contents = new CacheReset.Contents(cache.emptying(), filesReset::incrementAndGet);
    reset.start(value, contents, patience);
    long _ = cache.emptying().awaitStart();
    return new Running(cache, reset, contents);
  }

  private Running process() {
    return running.orElseThrow();
  }

  private ResetReport report() {
    return process().reset().report().orElseThrow();
  }

  private void awaitDone(String value) {
    await().until(() -> report().value().equals(value) && report().finished().isPresent());
  }

  private Path file() {
    return directory.resolve("reset");
  }

  private void read() {
    try (CachedObject open = process().cache().open(object)) {
      assertThat(open.read(0, MemorySegment.ofArray(new byte[BYTES]))).isEqualTo(BYTES);
      await().until(() -> process().cache().activity().fetches() == 0);
    }
  }

  private boolean isCached() {
    return process().cache().isHereOrInUse(object);
  }
}
