package io.ossmount.cache.fs;

import static io.ossmount.cache.fs.KernelMount.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Files that the kernel reads itself from the cache. Needs root, /dev/fuse, Linux 6.9 and a
 * temporary directory on a disk's own file system.
 */
@Timeout(120)
final class PassthroughFilesIT extends OnKernelMount {
  private static final int SMALL = 64 << 10;
  private static final int LARGE = 5 << 20;

  private byte[] put(String key, int size, long seed) {
    return mounted.put(key, KernelMount.random(size, seed));
  }

  @Test
  void aSmallFileIsFetchedWhenItIsOpenedAndReadInPassthrough() throws IOException {
    byte[] bytes = put("small", SMALL, 1);
    assertThat(Files.readAllBytes(root.resolve("small"))).isEqualTo(bytes);
    assertThat(Files.readAllBytes(root.resolve("small"))).isEqualTo(bytes);
    assertThat(mounted.opens()).isEqualTo(new OpenCounts(2, 0));
    assertThat(mounted.blocks.usage().fetchedBytes()).isEqualTo(SMALL);
  }

  @Test
  void aLargeFileIsReadInPassthroughOnceAllOfItIsInTheCache() throws IOException {
    byte[] bytes = put("large", LARGE, 2);
    assertThat(Files.readAllBytes(root.resolve("large"))).isEqualTo(bytes);
    assertThat(mounted.opens()).isEqualTo(new OpenCounts(0, 1));
    // Not before its CRC64 was compared, in the background.
    await()
        .untilAsserted(() -> {
          assertThat(Files.readAllBytes(root.resolve("large"))).isEqualTo(bytes);
          assertThat(mounted.opens().passthrough()).isEqualTo(1);
        });
    assertThat(mounted.blocks.usage().fetchedBytes()).isEqualTo(LARGE);
  }

  @Test
  void whatWasWrittenHereIsReadInPassthrough() throws IOException {
    Files.writeString(root.resolve("mine"), "written");
    // The kernel tells of the writer's end when close(2) has returned.
    await()
        .untilAsserted(() -> {
          assertThat(root.resolve("mine")).hasContent("written");
          assertThat(mounted.opens().passthrough()).isEqualTo(1);
        });
    assertThat(mounted.blocks.usage().fetchedBytes()).isZero();
  }

  @Test
  void whoWritesToAFileThatIsReadInPassthroughDisturbsNoReader() throws IOException {
    byte[] bytes = put("file", SMALL, 3);
    try (InputStream reader = Files.newInputStream(root.resolve("file"))) {
      byte[] first = reader.readNBytes(1000);
      Files.writeString(root.resolve("file"), "and more", StandardOpenOption.APPEND);
      byte[] more = "and more".getBytes(StandardCharsets.UTF_8);
      byte[] now = Files.readAllBytes(root.resolve("file"));
      assertThat(now).startsWith(bytes).endsWith(more).hasSize(SMALL + more.length);
      assertThat(first).isEqualTo(Arrays.copyOf(bytes, 1000));
      assertThat(reader.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 1000, bytes.length));
    }
    await()
        .untilAsserted(() -> {
          assertThat(root.resolve("file")).hasSize(SMALL + 8);
          assertThat(Files.readAllBytes(root.resolve("file"))).startsWith(bytes);
          assertThat(mounted.opens().passthrough()).isEqualTo(2);
        });
  }

  @Test
  void aFileThatIsReadInPassthroughCanBeCutAndReplaced() throws IOException {
    byte[] bytes = put("file", SMALL, 4);
    try (InputStream reader = Files.newInputStream(root.resolve("file"))) {
      run(root, "truncate", "-s", "10", "file");
      assertThat(root.resolve("file")).hasSize(10);
      run(root, "sh", "-c", "echo new > file");
      assertThat(root.resolve("file")).hasContent("new\n");
      Files.delete(root.resolve("file"));
      assertThat(reader.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void filesInPassthroughAreMappedAndExecuted() throws IOException {
    put("data", SMALL, 7);
    run(directory, "cp", "/bin/true", root.toString());
    run(root, "./true");
    try (FileChannel channel = FileChannel.open(root.resolve("data"));
        Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, SMALL, arena);
      assertThat(mapped.toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(Files.readAllBytes(root.resolve("data")));
    }
    assertThat(mounted.opens().passthrough()).isPositive();
  }
}
