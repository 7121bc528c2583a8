package io.ossmount.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.fuse.testing.Shell;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Needs root and {@code /dev/fuse}. No server: nothing here may touch the mounted files. */
@Timeout(30)
final class MountIT {
  @TempDir Path directory;

  @Test
  void a_session_is_mounted_seen_bound_elsewhere_and_aborted() throws Exception {
    Path target = Files.createDirectory(directory.resolve("with space"));
    Path bound = Files.createDirectory(directory.resolve("bound"));
    FuseMount.Options options = FuseMount.Options.of("bucket/dir").withExecutable(false);
    try (Descriptor device = FuseMount.mount(target, options)) {
      assertThat(device.isClosed()).isFalse();
      MountEntry entry = MountTable.read().at(target).orElseThrow();
      assertThat(entry.type()).isEqualTo("fuse.ossmount");
      assertThat(entry.source()).isEqualTo("bucket/dir");
      assertThat(entry.options()).contains("rw", "nosuid", "nodev", "noexec", "noatime");
      assertThat(entry.superOptions()).contains("default_permissions", "allow_other");

      FuseMount.setReadAhead(target, 1024);
      assertThat(Path.of("/sys/class/bdi/" + entry.device() + "/read_ahead_kb"))
          .hasContent("1024\n");

      BindMount.bind(target, bound, BindMount.Options.READ_ONLY);
      assertThat(MountTable.read().ofDevice(entry.device()))
          .extracting(MountEntry::target)
          .containsExactly(target.toString(), bound.toString());
      assertThat(MountTable.read().at(bound).orElseThrow().options()).contains("ro", "nosuid");
    } finally {
      BindMount.unmount(bound);
      FuseMount.abort(target);
    }
    assertThat(MountTable.read().at(target)).isEmpty();
    assertThat(FuseMount.detach(target)).isFalse();
  }

  @Test
  void a_connection_without_a_server_is_aborted_and_its_mount_stays() throws Exception {
    Path target = Files.createDirectory(directory.resolve("dead"));
    try (Descriptor device = FuseMount.mount(target, FuseMount.Options.of("test"))) {
      MountEntry before = MountTable.read().at(target).orElseThrow();
      Process waiting = Shell.start("exec stat $1/file", target);

      assertThat(FuseMount.abortInPlace(target)).isTrue();

      assertThat(waiting.waitFor(5, TimeUnit.SECONDS)).isTrue();
      assertThat(waiting.exitValue()).isNotZero();
      assertThat(MountTable.read().at(target)).contains(before);
      assertThat(FuseMount.abortInPlace(target)).as("a second time").isTrue();
      assertThat(device.isClosed()).isFalse();
    } finally {
      FuseMount.detach(target);
    }
    assertThat(FuseMount.abortInPlace(target)).as("nothing is there").isFalse();
    assertThat(FuseMount.abortInPlace(directory.resolve("none"))).isFalse();
  }

  @Test
  void a_bind_mount_can_be_read_only_where_its_source_is_not() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    Path target = Files.createDirectory(directory.resolve("target"));
    Files.writeString(source.resolve("file"), "text");

    BindMount.bind(source, target, BindMount.Options.READ_ONLY);
    try {
      BindMount.makePrivate(target);
      assertThat(target.resolve("file")).hasContent("text");
      assertThatThrownBy(() -> Files.writeString(target.resolve("file"), "other"))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("Read-only");
      BindMount.makeShared(target);
      assertThat(MountTable.read().at(target).orElseThrow().propagation()).isNotEmpty();
    } finally {
      assertThat(BindMount.unmount(target)).isTrue();
    }
    assertThat(BindMount.unmount(target)).isFalse();
  }

  @Test
  void a_failed_mount_names_the_target_and_the_reason() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> FuseMount.mount(missing, FuseMount.Options.of("b")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("No such file");
  }

  @Test
  void a_source_that_would_forge_mount_options_is_refused() {
    assertThatThrownBy(() -> FuseMount.Options.of("b,allow_root"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
