package io.ossmount.chaos;

import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.ChangingTree;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Staging files: what is not uploaded yet. What was put aside waits for its owner and is none. Not
 * thread-safe.
 */
final class StagingFiles {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Directories of what is kept: files that were put aside, and what the server notes of all. */
  private static final Set<String> KEPT = Set.of("aside", "boot", "target");

  private final Where where;
  private final Duration patience;
  private final Set<String> told = new HashSet<>();

  /** The staging directory; it may not be there yet. */
  interface Where {
    Path directory() throws IOException, InterruptedException;
  }

  /**
   * Those of a directory.
   *
   * @param patience longer than a writer has a file open, and than a server needs to know what
   *     nobody claims
   */
  StagingFiles(Where where, Duration patience) {
    this.where = where;
    this.patience = patience;
  }

  /**
   * Those that stay, though writers go on: of the ones that are there now. The name of a staging
   * file never comes again, and a writer that goes on lets go of its file. Each is told of once.
   */
  List<String> stuck() throws IOException, InterruptedException {
    var stay = new TreeSet<>(now());
    stay.removeAll(told);
    var _ =
        Await.until(
            patience,
            POLL,
            () -> {
              stay.retainAll(now());
              return stay.isEmpty();
            });
    told.addAll(stay);
    return List.copyOf(stay);
  }

  /** Those that there are. */
  Set<String> now() throws IOException, InterruptedException {
    var root = where.directory();
    var found = new TreeSet<String>();
    if (Files.isDirectory(root)) {
      Files.walkFileTree(root, new Finder(found));
    }
    return found;
  }

  /** Files come and go meanwhile. */
  private static final class Finder extends ChangingTree {
    private final Set<String> found;

    Finder(Set<String> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      var isKept = KEPT.contains(directory.getFileName().toString());
      return isKept ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile() && !file.toString().endsWith(".lock")) {
        found.add(file.toString());
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
