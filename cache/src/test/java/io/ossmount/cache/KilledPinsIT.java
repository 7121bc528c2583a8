package io.ossmount.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.store.oss.Unset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that have a file open to read it, which somebody else replaces or deletes in the bucket,
 * while the cache process is killed with SIGKILL and another one is given the session: they read
 * the version that they have opened, or ESTALE. Needs root and /dev/fuse.
 */
@Timeout(180)
class KilledPinsIT {
  private static final int BYTES = 12 << 20;

  /** What is fetched together: all of it is in the cache when a part was read. */
  private static final int BLOCK = 1 << 20;

  private static final int STEP = 64 << 10;
  private static final byte[] OLD = bytes(1, BYTES);

  @TempDir Path directory;
  private ServedMount mount = Unset.value();
  private Path path = Unset.value();

  @BeforeEach
  void serve() throws Exception {
    mount = new ServedMount(directory);
    mount.oss().put("f", OLD);
    path = mount.target().resolve("f");
  }

  @AfterEach
  void end() throws Exception {
    mount.end();
  }

  @Test
  void an_open_file_that_was_replaced_is_the_old_one_or_stale() throws Exception {
    byte[] replaced = bytes(2, BYTES);
    byte[] replacedAgain = bytes(3, BYTES + 5000);
    try (FileChannel file = FileChannel.open(path)) {
      assertThat(read(file, 0, 4096)).isEqualTo(part(OLD, 0, 4096));

      mount.oss().put("f", replaced);
      mount.replaceKilled();
      assertThat(stalePlaces(file, OLD)).isPositive();
      try (FileChannel second = FileChannel.open(path)) {
        assertThat(read(second, 0, 4096)).isEqualTo(part(replaced, 0, 4096));

        mount.oss().put("f", replacedAgain);
        mount.replaceKilled();
        assertThat(stalePlaces(file, OLD)).isPositive();
        assertThat(stalePlaces(second, replaced)).isPositive();
      }
    }
    assertThat(Files.readAllBytes(path)).isEqualTo(replacedAgain);
  }

  @Test
  void an_open_file_that_is_wholly_cached_stays_the_old_one() throws Exception {
    assertThat(Files.readAllBytes(path)).isEqualTo(OLD);
    try (FileChannel file = FileChannel.open(path)) {
      mount.oss().put("f", bytes(2, BYTES / 2));
      mount.replaceKilled();
      assertThat(stalePlaces(file, OLD)).isZero();
      mount.replaceKilled();
      assertThat(stalePlaces(file, OLD)).isZero();
    }
  }

  /** In how many places it cannot be read; everywhere else it has to be what was opened. */
  private static int stalePlaces(FileChannel file, byte[] opened) throws IOException {
    assertThat(file.size()).isEqualTo(BYTES);
    int stale = 0;
    for (int at = 0; at < BYTES; at += STEP) {
      try {
        assertThat(read(file, at, STEP)).as("at %d", at).isEqualTo(part(opened, at, STEP));
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("Stale file handle");
        assertThat(at).as("what is cached").isGreaterThanOrEqualTo(BLOCK);
        stale++;
      }
    }
    return stale;
  }

  private static byte[] bytes(int seed, int count) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] part(byte[] of, int from, int length) {
    return Arrays.copyOfRange(of, from, from + length);
  }

  private static byte[] read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    while (into.hasRemaining() && file.read(into, at + into.position()) >= 0) {}
    return Arrays.copyOf(into.array(), into.position());
  }
}
