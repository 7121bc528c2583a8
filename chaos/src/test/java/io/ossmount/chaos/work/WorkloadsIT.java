package io.ossmount.chaos.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.content.Versions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Workloads on a directory of the local disk: what is right is not complained of, and the rest is.
 */
final class WorkloadsIT {
  private static final Dataset DATA = new Dataset(42);

  @TempDir private static Path directory;
  private static Path mount;
  private final List<Event> events = new ArrayList<>();

  @BeforeAll
  static void files() throws IOException {
    mount = Files.createDirectory(directory.resolve("mount"));
    for (var file : Dataset.all()) {
      var path = mount.resolve(file.path());
      Files.createDirectories(path.resolveSibling(""));
      // No test reads that one.
      if (!file.equals(Dataset.BIG)) {
        Dataset.write(path, DATA.of(file), file.size());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = "RANDOM", mode = EnumSource.Mode.EXCLUDE)
  void on_a_local_disk_nothing_is_wrong(WorkKind kind) throws IOException {
    var board = step(kind);

    assertThat(events).noneMatch(event -> !(event instanceof Event.Change));
    assertThat(board.operations(kind)).isPositive();
    assertThat(board.inFlight(kind)).isEmpty();
  }

  @Test
  void a_wrong_byte_is_found() throws IOException {
    var file = Dataset.parts().getFirst();
    change(file, file.size() / 2 + 77, 1);

    var _ = step(WorkKind.SEQUENTIAL);

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            Event.Wrong.class, wrong -> assertThat(wrong.detail()).contains(file.path()));
    change(file, file.size() / 2 + 77, -1);
  }

  @Test
  void a_file_that_is_not_listed_is_found() throws IOException {
    var file = Dataset.tree().getFirst();
    Files.delete(mount.resolve(file.path()));

    var _ = step(WorkKind.WALK);

    assertThat(events).isNotEmpty().allMatch(Event.Wrong.class::isInstance);
    Dataset.write(mount.resolve(file.path()), DATA.of(file), file.size());
  }

  @Test
  void a_file_that_is_cut_off_is_found() throws IOException {
    var file = Dataset.parts().getFirst();
    try (var open = new RandomAccessFile(mount.resolve(file.path()).toFile(), "rw")) {
      open.setLength(file.size() - 1);
    }

    var _ = step(WorkKind.SEQUENTIAL);

    assertThat(events).singleElement().isInstanceOf(Event.Wrong.class);
    Dataset.write(mount.resolve(file.path()), DATA.of(file), file.size());
  }

  @Test
  void an_error_is_told_with_its_name() throws IOException {
    var _ = step(WorkKind.RANDOM);

    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            Event.Failed.class,
            failed -> {
              assertThat(failed.errno()).isEqualTo("ENOENT");
              assertThat(failed.operation()).isEqualTo(Operation.OPEN);
            });
  }

  @Test
  void a_byte_of_another_version_than_the_one_that_was_opened_is_found() throws IOException {
    var path = mount.resolve(Versions.FIRST.path());
    var versions = new Versions(DATA.seed());
    // What was opened as the second has the bytes of the first behind its first block.
    Dataset.write(path, versions.content(1), Content.BLOCK);

    var _ = step(WorkKind.PINNED);

    assertThat(events)
        .isNotEmpty()
        .allSatisfy(event ->
            assertThat(event)
                .isInstanceOfSatisfying(
                    Event.Wrong.class, wrong -> assertThat(wrong.detail()).contains("version 1")));
    Dataset.write(path, versions.content(0), Content.BLOCK);
  }

  private static void change(Dataset.File file, long at, int by) throws IOException {
    try (var open = new RandomAccessFile(mount.resolve(file.path()).toFile(), "rw")) {
      open.seek(at);
      var changed = open.read() + by;
      open.seek(at);
      open.write(changed);
    }
  }

  private Board step(WorkKind kind) throws IOException {
    var board = Board.open(directory.resolve("board"));
    var scratch = Files.createDirectories(directory.resolve("scratch"));
    var site = new Site(mount, scratch, DATA, "t", new SplittableRandom(1));
    try (var workload = kind.at(site)) {
      workload.step(new Probe(kind, board, () -> false, this::keep));
    } catch (Workload.Stopped _) {
      // It was told.
    }
    return board;
  }

  /** Gaps depend on the machine. */
  private void keep(Event event) {
    if (!(event instanceof Event.Gap)) {
      events.add(event);
    }
  }
}
