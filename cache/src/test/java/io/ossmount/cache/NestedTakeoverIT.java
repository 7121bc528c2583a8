package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.cache.store.oss.Unset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A nested mount while the cache process is killed with SIGKILL and another one is given the
 * session. Needs root and /dev/fuse.
 */
@Timeout(180)
class NestedTakeoverIT {
  private static final int NAMES = 1500;

  @TempDir Path directory;
  private ServedMount mount = Unset.value();

  @BeforeEach
  void serve() throws Exception {
    mount = ServedMount.withNested(directory, "on/labels");
  }

  @AfterEach
  void end() throws Exception {
    mount.end();
  }

  private Path path(String name) {
    return mount.target().resolve(name);
  }

  private static void write(FileChannel file, String text) throws IOException {
    file.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  private static String read(FileChannel file) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(100);
    int count = file.read(into, 0);
    return new String(into.array(), 0, Math.max(0, count), UTF_8);
  }

  @Test
  void what_is_open_and_what_is_half_written_goes_on() throws Exception {
    mount.oss().put("nested/same", "nested".getBytes(UTF_8));
    mount.oss().put("same", "own".getBytes(UTF_8));
    try (FileChannel nested = FileChannel.open(path("on/labels/same"));
        FileChannel own = FileChannel.open(path("same"));
        FileChannel writing = FileChannel.open(path("on/labels/new"), CREATE_NEW, WRITE)) {
      write(writing, "begun, ");
      for (int times = 0; times < 2; times++) {
        mount.replaceKilled();
        assertThat(read(nested)).isEqualTo("nested");
        assertThat(read(own)).isEqualTo("own");
        write(writing, "gone on, ");
      }
      write(writing, "ended");
    }
    assertThat(mount.oss().get("nested/new"))
        .asString(UTF_8)
        .isEqualTo("begun, gone on, gone on, ended");
  }

  @Test
  void a_half_read_directory_with_a_mount_in_it_is_read_on() throws Exception {
    for (int i = 0; i < NAMES; i++) {
      mount.oss().put("on/name-%05d".formatted(i), new byte[0]);
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path("on"))) {
      Iterator<Path> each = stream.iterator();
      for (int i = 0; each.hasNext(); i++) {
        names.add(each.next().getFileName().toString());
        if (i == 100 || i == 1200) {
          mount.replaceKilled();
        }
      }
    }
    assertThat(names).hasSize(NAMES + 1).contains("labels").doesNotHaveDuplicates();
  }

  @Test
  void what_was_closed_just_before_the_kill_is_in_its_bucket() throws Exception {
    Files.createDirectory(path("on/labels/d"));
    try (FileChannel writing = FileChannel.open(path("on/labels/d/f"), CREATE_NEW, WRITE)) {
      write(writing, "text");
    }
    mount.replaceKilled();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(mount.oss().get("nested/d/f")).isEqualTo("text".getBytes(UTF_8)));
    assertThat(path("on/labels/d/f")).hasContent("text");
  }
}
