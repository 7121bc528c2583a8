package io.ossmount.chaos.scene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Directories with all that is in them. */
public final class Trees {
  private Trees() {}

  /** Removes a directory, unless somebody else puts something into it meanwhile. */
  public static void delete(Path root) throws IOException {
    empty(root);
    deleteIfEmpty(root);
  }

  /** All files below a directory; a line that says so when it changes meanwhile. */
  public static List<String> files(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (var files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).map(Path::toString).toList();
    } catch (NoSuchFileException | UncheckedIOException goneMeanwhile) {
      return List.of("something that changes");
    }
  }

  private static void deleteIfEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException _) {
      // Somebody has put something into it meanwhile.
    }
  }

  /** Removes all that is below a directory. */
  public static void empty(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new ChangingTree() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (!directory.equals(root)) {
              deleteIfEmpty(directory);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
