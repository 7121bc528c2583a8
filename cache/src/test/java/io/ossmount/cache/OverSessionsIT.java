package io.ossmount.cache;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.oss.OssObjectStore;
import io.ossmount.cache.store.oss.Unset;
import io.ossmount.fuse.kernel.FuseMount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a killed server had of a session, and the next one, which the plugin tells whether that may
 * come; its patience is the usual one, of ten minutes. Needs root and /dev/fuse.
 */
@Timeout(120)
class OverSessionsIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  private ServedMount mount = Unset.value();

  @BeforeEach
  void serve() throws Exception {
    mount = new ServedMount(directory);
  }

  @AfterEach
  void end() throws Exception {
    mount.end();
  }

  /** Names of the files, without what a staging directory always has. */
  private List<String> staging() throws IOException {
    return files(ServedMount.cacheOf(directory).resolve("staging"));
  }

  private List<String> aside() throws IOException {
    return files(ServedMount.cacheOf(directory).resolve("staging/aside"));
  }

  private static List<String> files(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  private boolean isThere(String key) {
    try (OssObjectStore store = mount.oss().store()) {
      return store.head(key).isPresent();
    }
  }

  @Test
  void what_it_was_writing_is_kept_aside_at_once_when_it_is_over() throws Exception {
    FileChannel file = half(mount.target().resolve("f"));
    mount.replaceKilledWithoutSession();
    isOver(mount.target(), file);
    assertThat(staging()).isNotEmpty();

    mount.tellOfTheLiving();

    await().atMost(SOON).untilAsserted(() -> assertThat(staging()).isEmpty());
    assertThat(aside()).singleElement().asString().endsWith("-f");
    assertThat(isThere("f")).isFalse();
  }

  @Test
  void a_plugin_that_says_nothing_of_it_leaves_it_time_to_come() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    FileChannel file = half(mount.target().resolve("f"));
    mount.replaceKilledWithoutSession();
    isOver(mount.target(), file);
    try {
      mount.serveAnother(other);
      assertThat(staging()).isNotEmpty();
      assertThat(aside()).isEmpty();

      mount.tellOfTheLiving("s-2");
      await().atMost(SOON).untilAsserted(() -> assertThat(staging()).isEmpty());
    } finally {
      FuseMount.abort(other);
    }
  }

  @Test
  void one_that_may_come_is_waited_for_and_goes_on() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    mount.serveAnother(other);
    FileChannel over = half(other.resolve("g"));
    try (FileChannel file = half(mount.target().resolve("f"))) {
      mount.replaceKilledWithoutSession();
      isOver(other, over);
      mount.tellOfTheLiving("s-1");
      assertThat(aside()).isEmpty();

      mount.handOver();

      await().atMost(SOON).untilAsserted(() -> assertThat(aside()).hasSize(1));
      file.write(ByteBuffer.wrap(new byte[1000]));
    }
    assertThat(mount.oss().get("f")).hasSize(101_000);
    assertThat(aside()).singleElement().asString().endsWith("-g");
    await().atMost(SOON).untilAsserted(() -> assertThat(staging()).isEmpty());
  }

  /** A file that is open, and not whole yet. */
  private static FileChannel half(Path path) throws IOException {
    FileChannel file = FileChannel.open(path, CREATE_NEW, WRITE);
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) 7);
    file.write(ByteBuffer.wrap(bytes));
    return file;
  }

  /** Nobody has kept the session at this place; who has a file of it open gets an error. */
  private static void isOver(Path at, FileChannel open) throws IOException {
    FuseMount.abort(at);
    assertThatThrownBy(open::close).isInstanceOf(IOException.class);
  }
}
