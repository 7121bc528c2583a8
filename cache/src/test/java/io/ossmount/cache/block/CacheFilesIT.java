package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the cache's files outlive: restarts, kills, and what a disk does to them. */
class CacheFilesIT extends CacheOnDisk {
  @Test
  void a_restarted_process_is_warm() throws Exception {
    byte[] bytes = random(5 * MIB + 3);
    ObjectVersion version = store.with("a", bytes);
    readAll(version);
    long used = cache.usage().usedBytes();

    restart(100L * MIB);

    assertThat(readAll(version)).isEqualTo(bytes);
    assertThat(store.sentBytes()).isEqualTo(bytes.length);
    assertThat(cache.usage().usedBytes()).isEqualTo(used);
  }

  @Test
  void a_damaged_block_is_fetched_again() throws Exception {
    byte[] bytes = random(4 * MIB);
    ObjectVersion version = store.with("a", bytes);
    readAll(version);
    cache.close();
    try (RandomAccessFile data = new RandomAccessFile(file(".data").toFile(), "rw")) {
      data.seek(MIB + 5);
      data.write(~data.read());
    }
    cache = start(100L * MIB);

    assertThat(readAll(version)).isEqualTo(bytes);

    assertThat(store.sentBytes()).isEqualTo(bytes.length + MIB);
    assertThat(cache.activity().damagedBlocks()).isEqualTo(1);
  }

  @Test
  void a_version_that_is_whole_can_be_read_from_its_file() throws Exception {
    byte[] bytes = random(2 * MIB + 9);
    ObjectVersion version = store.with("a", bytes);
    try (CachedObject object = cache.open(version)) {
      assertThat(object.whole()).isEmpty();
      object.read(0, MemorySegment.ofArray(new byte[10]));
      assertThat(object.whole()).isEmpty();

      object.fetchAll();

      Awaitility.await().until(() -> object.whole().isPresent());
      assertThat(object.whole().orElseThrow()).hasBinaryContent(bytes);
      assertThat(store.sentBytes()).isEqualTo(bytes.length);
    }
  }

  @Test
  void after_a_restart_its_checksums_are_looked_at_before_its_file_may_be_read() throws Exception {
    byte[] bytes = random(4 * MIB);
    ObjectVersion good = store.with("good", bytes);
    readAll(good);
    restart(100L * MIB);
    try (CachedObject object = cache.open(good)) {
      assertThat(object.whole()).as("nobody has looked yet").isEmpty();
      Awaitility.await().until(() -> object.whole().isPresent());
    }
    cache.close();
    try (RandomAccessFile data = new RandomAccessFile(file(".data").toFile(), "rw")) {
      data.seek(3 * MIB + 5);
      data.write(~data.read());
    }
    cache = start(100L * MIB);
    try (CachedObject object = cache.open(good)) {
      assertThat(object.whole()).isEmpty();
      Awaitility.await().until(() -> !cache.isFetching());
      assertThat(object.whole()).as("one block is damaged").isEmpty();

      object.fetchAll();

      Awaitility.await().until(() -> object.whole().isPresent());
      assertThat(object.whole().orElseThrow()).hasBinaryContent(bytes);
      assertThat(store.sentBytes()).isEqualTo(bytes.length + MIB);
    }
  }

  @Test
  void damaged_short_and_lost_files_are_fetched_again() throws Exception {
    for (String suffix : List.of(".data", ".map")) {
      for (String damage : List.of("truncate", "empty", "delete", "garbage")) {
        byte[] bytes = random(2 * MIB + 9);
        ObjectVersion version = store.with(suffix + damage, bytes);
        readAll(version);
        cache.close();
        damage(file(suffix), damage);
        cache = start(100L * MIB);

        assertThat(readAll(version)).as(suffix + damage).isEqualTo(bytes);
        assertThat(readAll(version)).isEqualTo(bytes);
        cache.drop(version);
        Awaitility.await().until(() -> !anyFile());
      }
    }
  }

  @Test
  void what_cannot_be_read_of_the_directory_does_not_keep_the_rest_from_being_used()
      throws Exception {
    byte[] bytes = random(MIB);
    ObjectVersion version = store.with("a", bytes);
    readAll(version);
    cache.close();
    Path damaged = file(".map");
    Files.createSymbolicLink(directory.resolve("0".repeat(32) + ".map"), Path.of("nowhere"));
    try (RandomAccessFile map = new RandomAccessFile(damaged.toFile(), "rw")) {
      map.seek(16);
      map.write(0x7f);
    }
    cache = start(100L * MIB);

    assertThat(readAll(version)).isEqualTo(bytes);
    assertThat(readAll(version)).isEqualTo(bytes);

    assertThat(store.sentBytes()).isEqualTo(2L * bytes.length);
  }

  @Test
  void a_file_that_is_cut_while_it_is_open_is_fetched_again() throws Exception {
    byte[] bytes = random(2 * MIB);
    ObjectVersion version = store.with("a", bytes);
    try (CachedObject object = cache.open(version)) {
      object.read(0, MemorySegment.ofArray(new byte[2 * MIB]));
      damage(file(".data"), "truncate");
      byte[] again = new byte[2 * MIB];

      assertThat(object.read(0, MemorySegment.ofArray(again))).isEqualTo(2 * MIB);

      assertThat(again).isEqualTo(bytes);
    }
  }

  @Test
  void a_deleted_directory_does_no_harm() throws Exception {
    byte[] bytes = random(2 * MIB);
    ObjectVersion before = store.with("before", bytes);
    readAll(before);
    deleteDirectory();

    assertThat(readAll(before)).isEqualTo(bytes);
    assertThat(readAll(store.with("after", bytes))).isEqualTo(bytes);
  }

  @Test
  void a_process_that_was_killed_while_blocks_came_leaves_nothing_wrong() throws Exception {
    byte[] bytes = random(4 * MIB);
    ObjectVersion version = store.with("a", bytes);
    AtomicReference<Path> image = new AtomicReference<>();
    AtomicBoolean once = new AtomicBoolean(true);
    store.before((call, key) -> {
      if (call.equals("read") && store.sentBytes() > 2.5 * MIB && once.getAndSet(false)) {
        image.set(copyDirectory());
      }
    });
    readAll(version);
    assertThat(image.get()).isNotNull();
    store.before((call, key) -> {});
    cache.close();
    directory = image.get();
    cache = start(100L * MIB);
    long before = store.sentBytes();

    assertThat(readAll(version)).isEqualTo(bytes);

    assertThat(store.sentBytes() - before).isBetween(1L, 3L * MIB);
  }

  @Test
  void a_written_file_is_taken_over_and_survives_a_restart() throws Exception {
    byte[] bytes = random(3 * MIB + 1);
    ObjectVersion version = store.with("a", bytes);
    Path staging = Files.write(temporary.resolve("staging"), bytes);

    cache.adopt(version, staging);

    assertThat(staging).doesNotExist();
    try (CachedObject object = cache.open(version)) {
      byte[] read = new byte[bytes.length];
      assertThat(object.readCached(0, MemorySegment.ofArray(read))).isEqualTo(bytes.length);
      assertThat(read).isEqualTo(bytes);
    }
    Awaitility.await().until(() -> !cacheIsBusy());
    restart(100L * MIB);
    assertThat(readAll(version)).isEqualTo(bytes);
    assertThat(store.calls("get")).isZero();
  }

  private Path file(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  private static void damage(Path file, String how) throws IOException {
    switch (how) {
      case "truncate" -> {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
          open.setLength(open.length() / 2);
        }
      }
      case "empty" -> Files.write(file, new byte[0]);
      case "delete" -> Files.delete(file);
      default -> Files.write(file, random((int) Files.size(file)));
    }
  }

  private Path copyDirectory() {
    Path copy = temporary.resolve("image");
    try (Stream<Path> files = Files.list(directory)) {
      Files.createDirectories(copy);
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  private void deleteDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
