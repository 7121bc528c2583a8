package io.ossmount.chaos.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.chaos.scene.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class TarIT {
  private static final List<String> FILES = List.of("first", "second", "third");
  private static final int SIZE = 20 << 10;

  /** tar reads so many bytes at once; the first file and the name of the second are in three. */
  private static final int RECORD = 10 << 10;

  @TempDir private Path directory;
  private Path archive;
  private Path target;
  private final AtomicInteger told = new AtomicInteger();

  @BeforeEach
  void archive() throws IOException {
    var source = Files.createDirectory(directory.resolve("source"));
    target = Files.createDirectory(directory.resolve("target"));
    archive = directory.resolve("archive.tar");
    for (var file : FILES) {
      Files.write(source.resolve(file), new byte[SIZE]);
    }
    Tar.pack(archive, source, FILES);
  }

  @Test
  void each_file_is_told_of_when_it_is_there() throws IOException, InterruptedException {
    var pipe = directory.resolve("pipe");
    Command.run("mkfifo", pipe.toString());
    var isFirstTold = new CountDownLatch(1);
    var writing = CompletableFuture.runAsync(() -> writeInTwoParts(pipe, isFirstTold));

    Tar.unpack(
        pipe,
        target,
        FILES,
        () -> {
          assertThat(target.resolve(FILES.get(told.getAndIncrement()))).hasSize(SIZE);
          isFirstTold.countDown();
        });

    assertThat(told).hasValue(FILES.size());
    writing.join();
  }

  @Test
  void a_file_that_cannot_be_unpacked_is_not_told_of() throws IOException {
    Files.createDirectories(target.resolve("second/in-the-way"));

    assertThatThrownBy(() -> Tar.unpack(archive, target, FILES, told::incrementAndGet))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("second: Cannot open");

    assertThat(told).hasValue(1);
  }

  /** The second part only when something was told of the first. */
  private void writeInTwoParts(Path pipe, CountDownLatch isFirstTold) {
    try (var output = Files.newOutputStream(pipe)) {
      var bytes = Files.readAllBytes(archive);
      output.write(bytes, 0, 3 * RECORD);
      isFirstTold.await();
      output.write(bytes, 3 * RECORD, bytes.length - 3 * RECORD);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
