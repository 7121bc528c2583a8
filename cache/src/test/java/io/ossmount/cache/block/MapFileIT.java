package io.ossmount.cache.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes to a directory of the disk. */
final class MapFileIT {
  private static final ObjectVersion VERSION =
      new ObjectVersion("some/key", "0123456789ABCDEF", (3L << 20) + 5);
  private static final int ENTRIES = 4 * 8;

  @TempDir Path directory;
  private Path file;
  private byte[] bytes;

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("map");
    try (MapFile map = MapFile.create(file, VERSION)) {
      map.allocate(0, 2);
      map.present(1, 77);
    }
    bytes = Files.readAllBytes(file);
  }

  private void assertIsThat(BlockMap map) {
    assertThat(map.count()).isEqualTo(4);
    assertThat(map.isPresent(1)).isTrue();
    assertThat(map.checksum(1)).isEqualTo(77);
    assertThat(map.isAllocated(0)).isTrue();
    assertThat(map.isPresent(0)).isFalse();
    assertThat(map.isAllocated(2)).isFalse();
  }

  @Test
  void what_was_written_is_read() throws IOException {
    assertIsThat(MapFile.peek(file).orElseThrow().map());
    MapFile.Loaded loaded = MapFile.load(file, VERSION).orElseThrow();
    loaded.file().close();
    assertIsThat(loaded.map());
  }

  @Test
  void a_header_with_any_wrong_bit_is_none() throws IOException {
    for (int bit = 0; bit < (bytes.length - ENTRIES) * Byte.SIZE; bit++) {
      bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Files.write(file, bytes);
      bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);

      assertThat(MapFile.peek(file)).as("bit %d", bit).isEmpty();
      assertThat(MapFile.load(file, VERSION)).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void no_wrong_bit_of_an_entry_makes_a_block_present_that_is_not() throws IOException {
    for (int bit = (bytes.length - ENTRIES) * Byte.SIZE; bit < bytes.length * 8; bit++) {
      bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Files.write(file, bytes);
      bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      Optional<MapFile.BlocksOnDisk> found = MapFile.peek(file);

      BlockMap map = found.orElseThrow().map();
      assertThat(map.isPresent(0) || map.isPresent(2) || map.isPresent(3)).isFalse();
    }
  }

  @Test
  void a_file_that_ends_early_is_none() throws IOException {
    for (int length = 0; length < bytes.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));

      assertThat(MapFile.peek(file)).as("%d bytes", length).isEmpty();
    }
  }
}
