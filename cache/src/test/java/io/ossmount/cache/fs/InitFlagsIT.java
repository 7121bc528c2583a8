package io.ossmount.cache.fs;

import static io.ossmount.cache.fs.KernelMount.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.protocol.ProtocolServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A kernel that lacks one of the abilities that are asked for, or all, serves the same files. Needs
 * root and /dev/fuse.
 */
@Timeout(120)
final class InitFlagsIT {
  private static final int LARGE = (3 << 20) + 17;

  @TempDir Path directory;

  static Stream<Named<Long>> masks() {
    long wanted = ProtocolServer.WANTED_FLAGS;
    LongStream each = IntStream.range(0, Long.SIZE).mapToLong(bit -> wanted & 1L << bit);
    return LongStream.concat(LongStream.of(wanted), each.filter(flag -> flag != 0))
        .mapToObj(mask -> Named.of("0x" + Long.toHexString(mask), mask));
  }

  @ParameterizedTest(name = "without {0}")
  @MethodSource("masks")
  void everythingWorksWithoutAFlag(long mask) throws IOException {
    KernelMount.Settings settings = KernelMount.Settings.USUAL.withoutFlags(mask);
    try (KernelMount mounted = new KernelMount(directory, settings)) {
      reads(mounted);
      writes(mounted.root);
      names(mounted.root);
      programs(mounted.root);
    }
  }

  private static void reads(KernelMount mounted) throws IOException {
    Path root = mounted.root;
    byte[] small = mounted.put("d/small", KernelMount.random(70_000, 1));
    byte[] large = mounted.put("d/large", KernelMount.random(LARGE, 2));
    mounted.put("d/sub/x", KernelMount.random(3, 3));
    assertThat(run(root, "ls", "-R", "d")).isEqualTo("d:\nlarge\nsmall\nsub\n\nd/sub:\nx\n");
    assertThat(run(root, "stat", "-c", "%s", "d/small")).isEqualTo("70000\n");
    for (int i = 0; i < 2; i++) {
      assertThat(Files.readAllBytes(root.resolve("d/small"))).isEqualTo(small);
      assertThat(Files.readAllBytes(root.resolve("d/large"))).isEqualTo(large);
    }
    try (FileChannel file = FileChannel.open(root.resolve("d/large"))) {
      ByteBuffer some = ByteBuffer.allocate(100);
      assertThat(file.read(some, 2_000_000)).isEqualTo(100);
      assertThat(some.array()).isEqualTo(Arrays.copyOfRange(large, 2_000_000, 2_000_100));
    }
  }

  private static void writes(Path root) throws IOException {
    Path file = root.resolve("d/written");
    Files.writeString(file, "one ");
    Files.writeString(file, "two", StandardOpenOption.APPEND);
    assertThat(file).hasContent("one two");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {'O'}), 0);
    }
    assertThat(file).hasContent("One two");
    Files.writeString(file, "3", StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(file).hasContent("3");
    // Of a file that is read, perhaps in passthrough.
    try (FileChannel reader = FileChannel.open(root.resolve("d/small"))) {
      Files.writeString(root.resolve("d/small"), "cut", StandardOpenOption.TRUNCATE_EXISTING);
      assertThat(reader.isOpen()).isTrue();
    }
    assertThat(root.resolve("d/small")).hasContent("cut");
    run(root, "truncate", "-s", "5", "d/large");
    assertThat(root.resolve("d/large")).hasSize(5);
  }

  private static void names(Path root) throws IOException {
    Files.move(root.resolve("d/written"), root.resolve("d/moved"));
    assertThat(root.resolve("d/moved")).hasContent("3");
    Files.move(root.resolve("d"), root.resolve("e"));
    Files.createSymbolicLink(root.resolve("e/link"), Path.of("sub/x"));
    assertThat(run(root, "readlink", "e/link")).isEqualTo("sub/x\n");
    Files.delete(root.resolve("e/moved"));
    assertThat(run(root, "ls", "e")).isEqualTo("large\nlink\nsmall\nsub\n");
  }

  private static void programs(Path root) {
    run(root, "cp", "/bin/true", "program");
    run(root, "sh", "-c", "./program && ./program");
    String program =
        """
        import mmap
        file = open('program', 'rb')
        mapped = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        assert mapped[:] == open('/bin/true', 'rb').read()
        """;
    run(root, "python3", "-c", program);
  }
}
