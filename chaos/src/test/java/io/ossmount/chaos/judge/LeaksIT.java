package io.ossmount.chaos.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.kernel.FuseMount;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Of this process itself. Needs root and /dev/fuse. */
final class LeaksIT {
  private static final int MORE_THAN_TOLERATED = 1_100;

  private final long self = ProcessHandle.current().pid();

  @Test
  void a_descriptor_of_a_session_that_stays_is_found() throws IOException {
    var before = Leaks.of(self);

    try (var _ = FuseMount.openDevice()) {
      assertThat(Leaks.between("plugin", before, Leaks.of(self)))
          .containsExactly("plugin: 1 of /dev/fuse, 0 before");
    }
    assertThat(Leaks.between("plugin", before, Leaks.of(self))).isEmpty();
  }

  @Test
  void many_files_that_stay_open_are_found() throws IOException {
    var before = Leaks.of(self);
    var open = new ArrayList<InputStream>();
    try {
      for (int i = 0; i < MORE_THAN_TOLERATED; i++) {
        open.add(Files.newInputStream(Path.of("/proc/self/status")));
      }

      assertThat(Leaks.between("plugin", before, Leaks.of(self)))
          .singleElement()
          .asString()
          .contains("of files");
    } finally {
      for (var each : open) {
        each.close();
      }
    }
  }

  @Test
  void a_deleted_file_that_stays_open_is_found() throws IOException {
    var before = Leaks.of(self);
    var file = Files.createTempFile("leaks", "");

    try (var _ = Files.newInputStream(file)) {
      Files.delete(file);
      assertThat(Leaks.between("server", before, Leaks.of(self)))
          .containsExactly("server: 1 of deleted files, 0 before");
    }
  }
}
