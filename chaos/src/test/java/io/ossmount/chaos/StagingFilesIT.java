package io.ossmount.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StagingFilesIT {
  private static final Duration NO_PATIENCE = Duration.ZERO;

  @TempDir private Path directory;
  private StagingFiles files;

  @BeforeEach
  void files() {
    files = new StagingFiles(() -> directory, NO_PATIENCE);
  }

  @Test
  void a_file_that_stays_is_told_of_once() throws Exception {
    var nested = make("nested/1/file");

    assertThat(files.stuck()).containsExactly(nested.toString());
    assertThat(files.stuck()).isEmpty();
    assertThat(files.now()).containsExactly(nested.toString());
  }

  @Test
  void files_that_come_and_go_are_not_stuck() throws Exception {
    make("first");
    var looks = new int[1];
    var moving =
        new StagingFiles(
            () -> {
              if (looks[0]++ == 1) {
                Files.delete(directory.resolve("first"));
                make("second");
              }
              return directory;
            },
            NO_PATIENCE);

    assertThat(moving.stuck()).isEmpty();
    assertThat(moving.now()).hasSize(1);
  }

  @Test
  void what_was_put_aside_and_what_the_server_notes_are_none() throws Exception {
    make("aside/file");
    make("nested/1/aside/file");
    make("boot/id");
    make("target/name");
    make(".lock");

    assertThat(files.now()).isEmpty();
  }

  @Test
  void there_are_none_before_the_server_has_made_the_directory() throws Exception {
    var none = new StagingFiles(() -> directory.resolve("none"), NO_PATIENCE);

    assertThat(none.now()).isEmpty();
  }

  private Path make(String name) throws IOException {
    var file = directory.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, "x");
  }
}
