package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the cache is taken away, full or fails: slower, never wrong. Needs root. */
@Timeout(120)
final class FailingDiskIT {
  private static final int MIB = 1 << 20;
  private static final int LARGE = 3 * MIB + 17;
  private static final int SMALL = 70_000;

  @TempDir Path directory;

  private Path disk() {
    return directory.resolve("blocks");
  }

  private static byte[] bytes(String key, int size) {
    return KernelMount.random(size, key.hashCode());
  }

  /** Before the mount looks at the directory. */
  private static byte[] put(KernelMount mounted, String key, int size) {
    return mounted.put(key, bytes(key, size));
  }

  private static void assertReads(KernelMount mounted, String key, byte[] bytes)
      throws IOException {
    assertThat(Files.readAllBytes(mounted.root.resolve(key))).as(key).isEqualTo(bytes);
  }

  private static byte[] read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    while (into.hasRemaining() && file.read(into, at + into.position()) >= 0) {
      // Up to the end of the file.
    }
    return Arrays.copyOf(into.array(), into.position());
  }

  private void deleteDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(disk())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static long fetched(KernelMount mounted) {
    return mounted.blocks.usage().fetchedBytes();
  }

  @Test
  void aDirectoryThatIsDeletedUnderTheMountDoesNoHarm() throws IOException {
    try (KernelMount mounted = new KernelMount(directory)) {
      byte[] small = put(mounted, "small", SMALL);
      byte[] large = put(mounted, "large", LARGE);
      byte[] other = put(mounted, "other", LARGE);
      assertReads(mounted, "small", small);
      try (FileChannel inPassthrough = FileChannel.open(mounted.root.resolve("small"));
          FileChannel cached = FileChannel.open(mounted.root.resolve("large"))) {
        assertThat(read(cached, 0, 100)).isEqualTo(Arrays.copyOf(large, 100));
        deleteDirectory();
        assertThat(read(inPassthrough, 0, SMALL)).isEqualTo(small);
        assertThat(read(cached, 0, LARGE)).isEqualTo(large);
        assertReads(mounted, "large", large);
      }
      assertReads(mounted, "small", small);
      assertReads(mounted, "large", large);
      assertReads(mounted, "other", other);
      long before = fetched(mounted);
      assertReads(mounted, "other", other);
      assertThat(fetched(mounted)).as("the directory is made anew").isEqualTo(before);
      mounted.restart(() -> {});
      assertReads(mounted, "small", small);
      assertReads(mounted, "other", other);
    }
  }

  @Test
  void aFullDiskIsReadPastAndUsedAgainWhenItHasRoom() throws IOException {
    try (SmallDisk disk = SmallDisk.ext4(disk(), 48);
        KernelMount mounted = new KernelMount(directory)) {
      byte[] before = put(mounted, "before", LARGE);
      byte[] after = put(mounted, "after", LARGE);
      for (int i = 0; i < 4; i++) {
        put(mounted, "small-" + i, MIB);
        put(mounted, "large-" + i, LARGE);
      }
      assertReads(mounted, "before", before);
      disk.fill(2);
      for (int i = 0; i < 4; i++) {
        assertReads(mounted, "large-" + i, bytes("large-" + i, LARGE));
        assertReads(mounted, "small-" + i, bytes("small-" + i, MIB));
      }
      assertReads(mounted, "before", before);
      disk.empty();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> {
            assertReads(mounted, "after", after);
            long fetched = fetched(mounted);
            assertReads(mounted, "after", after);
            assertThat(fetched(mounted)).isEqualTo(fetched);
          });
    }
  }

  @Test
  void aDiskThatBecomesReadOnlyIsReadAsFarAsItGoes() throws IOException {
    try (SmallDisk disk = SmallDisk.ext4(disk(), 48);
        KernelMount mounted = new KernelMount(directory)) {
      byte[] small = put(mounted, "small", SMALL);
      byte[] large = put(mounted, "large", LARGE);
      byte[] begun = put(mounted, "begun", LARGE);
      byte[] other = put(mounted, "other", SMALL);
      byte[] more = put(mounted, "more", LARGE);
      assertReads(mounted, "small", small);
      assertReads(mounted, "large", large);
      try (FileChannel file = FileChannel.open(mounted.root.resolve("begun"))) {
        assertThat(read(file, 0, 100)).isEqualTo(Arrays.copyOf(begun, 100));
        disk.fail();
        assertThatThrownBy(() -> Files.writeString(disk().resolve("x"), "x"))
            .hasMessageContaining("Read-only");
        assertThat(read(file, 0, LARGE)).isEqualTo(begun);
      }
      assertReads(mounted, "small", small);
      assertReads(mounted, "large", large);
      assertReads(mounted, "begun", begun);
      assertReads(mounted, "other", other);
      assertReads(mounted, "more", more);
    }
  }
}
