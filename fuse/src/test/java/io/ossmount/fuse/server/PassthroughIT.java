package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.fuse.testing.BackedFileSystem;
import io.ossmount.fuse.testing.TestMount;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernel reads a backing file itself. Needs root, Linux 6.9 and a temporary directory that is
 * not on a stacked file system.
 */
@Timeout(60)
final class PassthroughIT {
  private static final long PASSTHROUGH = 1L << 37;

  @TempDir Path directory;
  private final byte[] bytes = new byte[3_000_017];
  private final List<BackedFileSystem> made = new CopyOnWriteArrayList<>();

  @BeforeEach
  void aLocalFile() throws IOException {
    new Random(1).nextBytes(bytes);
    Files.write(backing(), bytes);
  }

  private Path backing() {
    return directory.resolve("backing");
  }

  private TestMount mount(long unwantedFlags) throws IOException {
    return TestMount.mount(
        directory,
        new FuseServer.Options(2, 0, unwantedFlags),
        state -> {
          made.add(new BackedFileSystem(backing(), state));
          return made.getLast();
        });
  }

  private BackedFileSystem files() {
    return made.getLast();
  }

  @Test
  void a_backed_file_is_read_and_mapped_without_a_request() throws Exception {
    try (TestMount mount = mount(0)) {
      Path shown = mount.root().resolve("data");
      assertThat(Files.readAllBytes(shown)).isEqualTo(bytes);
      try (FileChannel channel = FileChannel.open(shown)) {
        byte[] mapped = new byte[bytes.length];
        channel.map(MapMode.READ_ONLY, 0, bytes.length).get(mapped);
        assertThat(mapped).isEqualTo(bytes);
      }
      assertThat(files().reads()).isZero();
    }
  }

  @Test
  void an_open_file_goes_on_when_its_id_is_taken_back_and_the_file_deleted() throws Exception {
    try (TestMount mount = mount(0);
        InputStream open = Files.newInputStream(mount.root().resolve("data"))) {
      files().closeBacking();
      Files.delete(backing());
      assertThat(open.readAllBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void a_node_is_open_in_one_way_at_a_time() throws Exception {
    try (TestMount mount = mount(0)) {
      Path shown = mount.root().resolve("data");
      try (InputStream open = Files.newInputStream(shown)) {
        files().passthrough(false);
        assertThatThrownBy(() -> Files.readAllBytes(shown)).isInstanceOf(IOException.class);
        assertThat(open.readAllBytes()).isEqualTo(bytes);
      }
      assertThat(Files.readAllBytes(shown)).isEqualTo(bytes);
      assertThat(files().reads()).isPositive();
    }
  }

  @Test
  void without_the_flag_everything_is_read_by_requests() throws Exception {
    try (TestMount mount = mount(PASSTHROUGH)) {
      assertThat(Files.readAllBytes(mount.root().resolve("data"))).isEqualTo(bytes);
      assertThat(files().reads()).isPositive();
    }
  }
}
