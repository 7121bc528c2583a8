package io.ossmount.chaos.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.work.Event.Change;
import io.ossmount.chaos.work.Event.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers on a directory of the local disk in which somebody does, while they work, what a product
 * with a mistake would: they have to notice.
 */
final class MeddledWithIT {
  @TempDir private Path directory;
  private Path mount;
  private final List<Event.Wrong> wrong = new ArrayList<>();
  private boolean isDone;

  @BeforeEach
  void mount() throws IOException {
    mount = Files.createDirectory(directory.resolve("mount"));
  }

  /** Something that is done when the workload tells of a change. */
  private interface Meddling {
    void with(Path file) throws IOException;
  }

  @Test
  void what_was_appended_twice_is_found() throws IOException {
    step(WorkKind.APPEND, 1, MeddledWithIT::isWritten, file -> appendAgain(file, 100));

    assertThat(wrong).isNotEmpty();
  }

  @Test
  void an_append_that_is_lost_is_found() throws IOException {
    step(WorkKind.APPEND, 1, MeddledWithIT::isWritten, file -> cut(file, Files.size(file) - 1));

    assertThat(wrong).isNotEmpty();
  }

  @Test
  void one_whose_bytes_are_zeros_is_found() throws IOException {
    step(WorkKind.APPEND, 1, MeddledWithIT::isWritten, file -> overwrite(file, 0));

    assertThat(wrong).isNotEmpty();
  }

  @Test
  void a_wrong_byte_of_a_file_without_a_name_is_found() throws IOException {
    for (int seed = 0; seed < 6; seed++) {
      step(WorkKind.NAMELESS, seed, MeddledWithIT::isNameLost, _ -> overwrite(descriptor(), 0));

      assertThat(wrong).as("seed %d", seed).isNotEmpty();
      assertThat(wrong.getFirst().detail()).contains("byte 0 of the descriptor is wrong");
    }
  }

  @Test
  void one_that_was_cut_off_or_is_too_long_is_found() throws IOException {
    step(WorkKind.NAMELESS, 1, MeddledWithIT::isNameLost, _ -> cut(descriptor(), 0));
    assertThat(wrong).isNotEmpty();

    step(WorkKind.NAMELESS, 2, MeddledWithIT::isNameLost, _ -> overwrite(descriptor(), 1 << 20));
    assertThat(wrong).extracting(Event.Wrong::detail).anyMatch(said -> said.endsWith("not end"));
  }

  @Test
  void a_name_that_comes_back_is_found_and_so_is_one_that_shows_what_was_taken_off()
      throws IOException {
    for (int seed = 0; seed < 6; seed++) {
      step(WorkKind.NAMELESS, seed, MeddledWithIT::isNameLost, file -> copyTo(nameOf(file)));

      assertThat(wrong).as("seed %d", seed).isNotEmpty();
    }
  }

  private static boolean isWritten(Change change) {
    return change.step() == Step.ACKNOWLEDGED && change.size() > 0;
  }

  /** Of the file that is open, or of the one that was renamed to its name. */
  private static boolean isNameLost(Change change) {
    return change.step() == Step.ACKNOWLEDGED && change.size() == Event.ABSENT;
  }

  private static void appendAgain(Path file, int count) throws IOException {
    var bytes = Files.readAllBytes(file);
    Files.write(
        file,
        Arrays.copyOfRange(bytes, bytes.length - count, bytes.length),
        StandardOpenOption.APPEND);
  }

  private static void cut(Path file, long size) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static void overwrite(Path file, long at) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), at);
    }
  }

  private static void copyTo(Path file) throws IOException {
    Files.write(file, Files.readAllBytes(descriptor()));
  }

  private static Path nameOf(Path changed) {
    return Path.of(changed.toString().replace("-other", ""));
  }

  /** The file that has no name: only its descriptor, which is this process's, leads to it. */
  private static Path descriptor() throws IOException {
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(MeddledWithIT::isNameless).findFirst().orElseThrow();
    }
  }

  private static boolean isNameless(Path descriptor) {
    try {
      var file = Files.readSymbolicLink(descriptor).toString();
      return file.contains("/nameless-") && file.endsWith(" (deleted)");
    } catch (IOException _) {
      // That of the list itself.
      return false;
    }
  }

  private void step(WorkKind kind, int seed, Predicate<Change> when, Meddling meddling)
      throws IOException {
    wrong.clear();
    isDone = false;
    var board = Board.open(directory.resolve("board"));
    var tag = kind.title() + seed;
    var site = new Site(mount, directory, new Dataset(seed), tag, new SplittableRandom(seed));
    try (var workload = kind.at(site)) {
      workload.step(new Probe(kind, board, () -> false, event -> take(event, when, meddling)));
    } catch (Workload.Stopped e) {
      throw new AssertionError(e);
    }
  }

  private void take(Event event, Predicate<Change> when, Meddling meddling) {
    switch (event) {
      case Event.Wrong found -> wrong.add(found);
      case Change change when !isDone && when.test(change) -> {
        isDone = true;
        try {
          meddling.with(mount.resolve(change.path()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      case Event.Failed failed -> throw new AssertionError(failed);
      case Event.Gap _, Change _ -> {}
    }
  }
}
