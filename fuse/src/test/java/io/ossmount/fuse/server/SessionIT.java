package io.ossmount.fuse.server;

import static io.ossmount.fuse.testing.Shell.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.fuse.SessionState;
import io.ossmount.fuse.kernel.FuseMount;
import io.ossmount.fuse.kernel.MountTable;
import io.ossmount.fuse.testing.GatedFileSystem;
import io.ossmount.fuse.testing.MemoryFileSystem;
import io.ossmount.fuse.testing.Shell;
import io.ossmount.fuse.testing.TestMount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session from its first request to its end, and what bounds it. */
@Timeout(120)
final class SessionIT {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private final List<GatedFileSystem> made = new ArrayList<>();

  @BeforeEach
  void forget() {
    made.clear();
  }

  private GatedFileSystem gated(SessionState state) {
    GatedFileSystem files = new GatedFileSystem(state);
    files.putFile("file", CONTENT);
    made.add(files);
    return files;
  }

  private TestMount mount() throws IOException {
    return TestMount.mount(directory, this::gated);
  }

  private GatedFileSystem files() {
    return made.getFirst();
  }

  @Test
  void a_signal_ends_a_read_and_a_lookup_that_wait() throws Exception {
    try (TestMount mount = mount()) {
      Process reader = Shell.start("exec cat $1/file", mount.root());
      Process looker = Shell.start("exec stat $1/slow-name", mount.root());
      await().until(() -> files().waiting() == 2);

      Shell.signal(reader, "TERM");
      Shell.signal(looker, "TERM");

      assertThat(reader.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(looker.waitFor(10, TimeUnit.SECONDS)).isTrue();
      await().until(() -> files().interrupted() == 2);
      files().open();
      assertThat(output("cat $1/file", mount.root())).isEqualTo("content");
    }
  }

  @Test
  void a_signal_does_not_end_a_flush() throws Exception {
    try (TestMount mount = mount()) {
      files().gateFlushes();
      Process closer = Shell.start("exec 3<$1/file; exec 3<&-", mount.root());
      await().until(() -> files().waiting() == 1);

      Shell.signal(closer, "TERM");

      assertThat(closer.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
      files().open();
      assertThat(closer.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(files().interrupted()).isZero();
    }
  }

  @Test
  void more_writes_than_buffers_wait_in_the_kernel_and_lose_nothing() throws Exception {
    try (TestMount mount = mount();
        TestMount other = TestMount.mount(directory, MemoryFileSystem::new)) {
      List<Process> writers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        writers.add(Shell.start("head -c 100000 /dev/zero >$1/written$2", mount.root(), i));
      }
      await().until(() -> files().waiting() == 8);

      // The paused session keeps no reader from another one of the same process.
      Files.writeString(other.root().resolve("other"), "served");
      assertThat(other.root().resolve("other")).hasContent("served");

      files().open();
      for (Process writer : writers) {
        assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.exitValue()).isZero();
      }
      assertThat(output("cat $1/written* | wc -c", mount.root())).isEqualTo("2000000");
    }
  }

  @Test
  void two_sessions_of_one_server_do_not_wait_for_each_other() throws Exception {
    try (TestMount mount = mount()) {
      Path second = Files.createDirectory(directory.resolve("second"));
      try (LocalMount other =
          LocalMount.mount(
              mount.server(), second, FuseMount.Options.of("second"), MemoryFileSystem::new)) {
        List<Process> writers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          writers.add(Shell.start("head -c 1000 /dev/zero >$1/w$2", mount.root(), i));
        }
        await().until(() -> files().waiting() == 8);

        Files.writeString(other.target().resolve("file"), "served");
        assertThat(output("cat $1/file", other.target())).isEqualTo("served");

        files().open();
        for (Process writer : writers) {
          assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
      }
    }
  }

  @Test
  void more_lookups_than_rooms_are_all_answered() throws Exception {
    try (TestMount mount = mount()) {
      List<Thread> lookers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        Path path = mount.root().resolve("slow-name" + i);
        lookers.add(Thread.ofPlatform().start(() -> assertThat(path).doesNotExist()));
      }
      await().until(() -> files().waiting() == 264);

      files().open();

      for (Thread looker : lookers) {
        assertThat(looker.join(Duration.ofSeconds(30))).isTrue();
      }
    }
  }

  @Test
  void more_reads_than_memory_for_answers_are_all_answered() throws Exception {
    try (TestMount mount =
        TestMount.mount(directory, new FuseServer.Options(2, 0, 0), this::gated)) {
      List<Process> readers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String script = "test \"$(dd if=$1/file bs=100k status=none)\" = content";
        readers.add(Shell.start(script, mount.root()));
      }
      await().until(() -> files().waiting() == 1);

      files().open();

      for (Process reader : readers) {
        assertThat(reader.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reader.exitValue()).isZero();
      }
    }
  }

  @Test
  void an_aborted_session_ends_at_once_and_frees_everything() throws Exception {
    long before = openDescriptors();
    try (TestMount mount = mount()) {
      Process reader = Shell.start("exec cat $1/file", mount.root());
      await().until(() -> files().waiting() == 1);

      FuseMount.abort(mount.root());

      assertThat(mount.session().ended().get(10, TimeUnit.SECONDS))
          .isEqualTo(Session.End.DISCONNECTED);
      assertThat(reader.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(reader.exitValue()).isNotZero();
      assertThat(files().destroyed()).isEqualTo(1);
    }
    // Others of this JVM may have closed some meanwhile.
    await().untilAsserted(() -> assertThat(openDescriptors()).isLessThanOrEqualTo(before));
    assertThat(MountTable.read().entries())
        .noneMatch(entry -> entry.target().startsWith(directory.toString()));
  }

  @Test
  void a_session_aborted_through_sysfs_ends_as_well() throws Exception {
    Path control = Files.createDirectory(directory.resolve("fusectl"));
    output("mount -t fusectl none $1", control);
    try (TestMount mount = mount()) {
      int minor = MountTable.read().at(mount.root()).orElseThrow().minor();

      Files.writeString(control.resolve(minor + "/abort"), "1");

      assertThat(mount.session().ended().get(10, TimeUnit.SECONDS))
          .isEqualTo(Session.End.DISCONNECTED);
      assertThat(Shell.run("ls $1", mount.root()).output()).contains("not connected");
    } finally {
      output("umount $1", control);
    }
  }

  @Test
  void a_busy_mount_can_be_taken_away() throws Exception {
    FileChannel open;
    try (TestMount mount = TestMount.mount(directory, this::gated)) {
      files().open();
      open = FileChannel.open(mount.root().resolve("file"));
      assertThat(open.read(ByteBuffer.allocate(100))).isEqualTo(7);
    }
    Assertions.assertThatThrownBy(() -> open.read(ByteBuffer.allocate(100), 0))
        .isInstanceOf(IOException.class);
    Assertions.assertThatThrownBy(open::close).isInstanceOf(IOException.class);
    assertThat(files().destroyed()).isEqualTo(1);
  }

  @Test
  void the_kernel_forgets_what_the_server_says_has_changed() throws Exception {
    List<MemoryFileSystem> held = new ArrayList<>();
    try (TestMount mount =
        TestMount.mount(
            directory,
            state -> {
              held.add(new MemoryFileSystem(state, Duration.ofHours(1)));
              return held.getFirst();
            })) {
      MemoryFileSystem files = held.getFirst();
      long node = files.putFile("a", "old".getBytes(StandardCharsets.UTF_8));
      Path path = mount.root().resolve("a");
      assertThat(path).hasSize(3);

      files.overwrite(node, "changed".getBytes(StandardCharsets.UTF_8));
      assertThat(path).hasSize(3);
      assertThat(mount.session().state().notifier().invalInode(node)).isTrue();
      await().untilAsserted(() -> assertThat(path).hasSize(7));

      files.replaceFile("a", "replaced".getBytes(StandardCharsets.UTF_8));
      assertThat(path).hasSize(7);
      assertThat(mount.session().state().notifier().invalEntry(1, "a")).isTrue();
      await().untilAsserted(() -> assertThat(path).hasSize(8));

      files.replaceFile("a", "third".getBytes(StandardCharsets.UTF_8));
      if (mount.session().state().notifier().incEpoch()) {
        await().untilAsserted(() -> assertThat(path).hasSize(5));
      }
    }
  }

  private static long openDescriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
