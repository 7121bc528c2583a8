package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the cache has room for, and what it lets go. */
class CacheRoomIT extends CacheOnDisk {
  @Test
  void the_disk_is_bounded_and_the_bytes_are_right_all_the_same() throws Exception {
    restart(8L * MIB);
    List<ObjectVersion> versions = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      versions.add(store.with("o" + i, random(MIB / 2 + i)));
    }
    versions.add(store.with("big", random(12 * MIB)));
    for (ObjectVersion version : versions) {
      assertThat(readAll(version)).isEqualTo(store.bytes(version.key()).orElseThrow());
      assertThat(du()).isLessThanOrEqualTo(9L * MIB);
    }

    assertThat(cache.usage().usedBytes()).isLessThanOrEqualTo(8L * MIB);
    assertThat(du()).isLessThanOrEqualTo(9L * MIB).isGreaterThan(4L * MIB);
  }

  @Test
  void an_object_that_does_not_fit_is_read_without_the_disk() throws Exception {
    restart(2L * MIB);
    byte[] bytes = random(80 * MIB);
    ObjectVersion version = store.with("huge", bytes);

    List<byte[]> read = together(4, () -> hashOf(version));

    assertThat(read).allSatisfy(hash -> assertThat(hash).isEqualTo(hash(bytes)));
    assertThat(du()).isLessThanOrEqualTo(3L * MIB);
  }

  @Test
  void an_open_version_stays_while_others_come_and_go() throws Exception {
    restart(8L * MIB);
    byte[] bytes = random(3 * MIB);
    ObjectVersion kept = store.with("kept", bytes);
    try (CachedObject object = cache.open(kept)) {
      object.read(0, MemorySegment.ofArray(new byte[3 * MIB]));
      for (int i = 0; i < 20; i++) {
        readAll(store.with("o" + i, random(MIB + i)));
      }
      byte[] again = new byte[3 * MIB];

      assertThat(object.readCached(0, MemorySegment.ofArray(again))).isEqualTo(3 * MIB);
      assertThat(again).isEqualTo(bytes);
    }
    assertThat(cache.activity().evictedVersions()).isBetween(15L, 20L);
    assertThat(cache.activity().evictedBytes()).isGreaterThanOrEqualTo(15L * MIB);
  }

  @Test
  void room_that_has_to_stay_free_is_not_taken() throws Exception {
    cache.close();
    // More than can ever be free.
    long free = Files.getFileStore(temporary).getTotalSpace();
    cache =
        DiskBlockCache.start(directory, "b", store, new CacheLimits(1L << 40, free, 256L << 20));
    byte[] bytes = random(4 * MIB);

    assertThat(readAll(store.with("a", bytes))).isEqualTo(bytes);

    assertThat(cache.usage().usedBytes()).isZero();
    assertThat(cache.usage().capacityBytes()).isLessThan(4L * MIB);
    try (CachedObject object = cache.open(store.with("b", bytes))) {
      object.read(0, MemorySegment.ofArray(new byte[10]));
      assertThat(cache.activity().memoryBlocks()).isBetween(1, BlockMemory.USUAL.blocks());
    }
  }

  @Test
  void a_smaller_cache_drops_what_does_not_fit_any_more() throws Exception {
    for (int i = 0; i < 10; i++) {
      readAll(store.with("o" + i, random(MIB + i)));
    }

    restart(3L * MIB);

    assertThat(cache.usage().usedBytes()).isLessThanOrEqualTo(3L * MIB);
    assertThat(du()).isLessThanOrEqualTo(4L * MIB);
  }

  @Test
  void a_written_file_for_which_there_is_no_room_is_deleted() throws Exception {
    restart(MIB);
    Path staging = Files.write(temporary.resolve("staging"), random(2 * MIB));

    cache.adopt(store.with("a", random(2 * MIB)), staging);

    assertThat(staging).doesNotExist();
    assertThat(du()).isLessThan(MIB);
  }

  @Test
  void what_is_dropped_goes_when_it_is_closed() {
    ObjectVersion version = store.with("a", random(MIB));
    try (CachedObject object = cache.open(version)) {
      object.read(0, MemorySegment.ofArray(new byte[MIB]));
      cache.drop(version);
      assertThat(object.readCached(0, MemorySegment.ofArray(new byte[MIB]))).isEqualTo(MIB);
    }

    Awaitility.await().until(() -> cache.usage().usedBytes() == 0 && !anyFile());
  }

  /** Bytes on disk, as du(1) counts them. */
  private long du() throws IOException, InterruptedException {
    Process du = new ProcessBuilder("du", "-sB1", directory.toString()).start();
    String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(du.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return Long.parseLong(text.substring(0, text.indexOf('\t')));
  }
}
