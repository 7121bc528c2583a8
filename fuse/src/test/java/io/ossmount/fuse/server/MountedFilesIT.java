package io.ossmount.fuse.server;

import static io.ossmount.fuse.testing.Shell.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.fuse.testing.MemoryFileSystem;
import io.ossmount.fuse.testing.Shell;
import io.ossmount.fuse.testing.TestMount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of a server through the kernel, with Java and with the tools of every day. */
@Timeout(120)
final class MountedFilesIT {
  @TempDir Path directory;
  private TestMount mount;
  private Path root;

  @BeforeEach
  void mount() throws IOException {
    mount = TestMount.mount(directory, MemoryFileSystem::new);
    root = mount.root();
  }

  @AfterEach
  void unmount() throws IOException {
    mount.close();
  }

  @Test
  void a_file_is_written_read_appended_and_cut() throws Exception {
    Path file = root.resolve("文件 é");
    Files.writeString(file, "hello");
    Files.writeString(file, " world", StandardOpenOption.APPEND);
    assertThat(file).hasContent("hello world");

    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("J".getBytes(StandardCharsets.UTF_8)), 0);
      channel.truncate(5);
      channel.force(true);
    }

    assertThat(file).hasContent("Jello").hasSize(5);
    Files.writeString(file, "x", StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(file).hasContent("x");
  }

  @Test
  void names_come_and_go_as_the_kernel_says() throws Exception {
    Path sub = Files.createDirectory(root.resolve("sub"));
    Files.writeString(sub.resolve("a"), "a");
    assertThatThrownBy(() -> Files.createDirectory(sub))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Files.delete(sub)).isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> Files.readString(sub.resolve("b")))
        .isInstanceOf(NoSuchFileException.class);

    Files.move(sub.resolve("a"), root.resolve("moved"), StandardCopyOption.ATOMIC_MOVE);
    Files.createSymbolicLink(root.resolve("link"), Path.of("moved"));

    assertThat(Files.readSymbolicLink(root.resolve("link"))).hasToString("moved");
    assertThat(root.resolve("link")).hasContent("a");
    Files.delete(sub);
    assertThat(output("ls $1", root)).isEqualTo("link\nmoved");
  }

  @Test
  void attributes_are_kept() throws Exception {
    Path file = Files.createFile(root.resolve("file"));
    FileTime time = FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));

    Files.setLastModifiedTime(file, time);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    output("chown 7:8 $1 && touch -a -d @-5 $1", file);

    assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
    assertThat(output("stat -c '%a %u %g %X %s %b %F' $1", file))
        .isEqualTo("750 7 8 -5 0 0 regular empty file");
    assertThat(output("stat -f -c '%S %b %f %l' $1", root)).isEqualTo("4096 1048576 524288 255");
  }

  @Test
  void trees_survive_cp_tar_mv_and_find() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    fill(source);

    output("cp -a $1 $2/copy && diff -r --no-dereference $1 $2/copy", source, root);
    output("mkdir $2/tar && tar -C $1 -cf - . | tar -C $2/tar -xf -", source, root);
    output("diff -r --no-dereference $1 $2/tar", source, root);
    output("mv $2/tar $2/moved && diff -r --no-dereference $1 $2/moved", source, root);
    String listing = "cd $1 && find . ! -type d -printf '%p %s %m %y %l %T@\\n' | sort";
    assertThat(output(listing, root.resolve("copy"))).isEqualTo(output(listing, source));
    assertThat(output("rm -r $1/copy $1/moved && ls $1", root)).isEmpty();
  }

  private static void fill(Path source) throws IOException {
    var random = new Random(7);
    for (int i = 0; i < 40; i++) {
      Path sub = Files.createDirectories(source.resolve("d" + i % 5 + "/e" + i % 3));
      byte[] bytes = new byte[random.nextInt(300_000)];
      random.nextBytes(bytes);
      Files.write(sub.resolve("file " + i), bytes);
      Files.createSymbolicLink(sub.resolve("link" + i), Path.of("../file " + i));
    }
  }

  @Test
  void a_large_directory_is_listed_whole_with_and_without_attributes() throws Exception {
    Path large = Files.createDirectory(root.resolve("large"));
    List<String> names =
        IntStream.range(0, 2000).mapToObj("a rather long name %04d"::formatted).toList();
    for (String name : names) {
      Files.createFile(large.resolve(name));
    }

    assertThat(output("ls $1", large).lines()).containsExactlyElementsOf(names);
    assertThat(output("find $1 -type f -printf '%f\\n' | sort", large).lines())
        .containsExactlyElementsOf(names);
    assertThat(output("ls -l $1 | grep -c rather", large)).isEqualTo("2000");
    assertThat(output("rm -r $1 && ls $2", large, root)).isEmpty();
  }

  @Test
  void an_open_file_outlives_its_name() throws Exception {
    Path file = root.resolve("file");
    Files.writeString(file, "still there");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Files.delete(file);
      ByteBuffer bytes = ByteBuffer.allocate(64);
      channel.read(bytes);
      assertThat(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8))
          .isEqualTo("still there");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void many_readers_and_writers_see_their_own_bytes() throws Exception {
    List<CompletableFuture<Void>> workers = new ArrayList<>();
    for (int worker = 0; worker < 8; worker++) {
      Path file = root.resolve("file" + worker);
      int seed = worker;
      workers.add(
          CompletableFuture.runAsync(
              () -> writeAndRead(file, seed), task -> Thread.ofPlatform().start(task)));
    }
    CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).join();
  }

  private static void writeAndRead(Path path, int seed) {
    byte[] expected = new byte[3_000_000];
    new Random(seed).nextBytes(expected);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(expected);
      byte[] read = new byte[expected.length];
      for (int round = 0; round < 3; round++) {
        file.seek(0);
        file.readFully(read);
        assertThat(read).isEqualTo(expected);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_mapped_file_and_direct_io_go_the_same_way() throws Exception {
    Path file = root.resolve("mapped");
    output("dd if=/dev/urandom of=$1 bs=1M count=3 oflag=direct status=none", file);
    String sum = output("sha256sum < $1", file);

    assertThat(output("dd if=$1 bs=64k iflag=direct status=none | sha256sum", file)).isEqualTo(sum);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 3 << 20);
      mapped.put(1 << 20, (byte) ~mapped.get(1 << 20));
      mapped.force();
    }
    assertThat(output("sha256sum < $1", file)).isNotEqualTo(sum);
  }

  @Test
  void what_is_not_supported_says_so_and_does_no_harm() throws Exception {
    Path file = Files.writeString(root.resolve("file"), "text");

    assertThat(Shell.run("ln $1 $1.hard", file).output()).contains("Operation not permitted");
    assertThat(Shell.run("mkfifo $1.fifo", file).output()).contains("Operation not permitted");
    output("cp --reflink=auto $1 $1.copy && cmp $1 $1.copy", file);
    output("fallocate -l 10 $1 2>/dev/null; flock $1 true", file);
    assertThat(file).hasContent("text");
  }

  @Test
  void names_that_are_too_long_or_not_utf8_are_refused() throws Exception {
    assertThat(Shell.run("touch $1/$(printf '%0256d' 0)", root).output()).contains("too long");
    assertThat(Shell.run("touch $1/$(printf '%0255d' 0) && ls $1", root).status()).isZero();
    assertThat(Shell.run("touch \"$1/$(printf 'a\\377b')\"", root).output())
        .contains("Invalid or incomplete multibyte");
  }
}
