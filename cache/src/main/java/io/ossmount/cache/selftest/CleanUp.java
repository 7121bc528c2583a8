package io.ossmount.cache.selftest;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ListPage;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what tests made: all but the files to look at, and these too if it is wished. Files
 * through the mount, so that it knows; what only the store knows of, there.
 */
final class CleanUp {
  private static final int MOST_KEYS = 1000;
  private static final int MOST_PAGES = 10;

  private final Subject subject;
  private final Path directory;

  CleanUp(Subject subject) {
    this.subject = subject;
    this.directory = subject.pairs().getFirst().root().resolve(Subject.DIRECTORY);
  }

  Check check() {
    return Check.writing("CleanUp", this::run);
  }

  private void run() throws Exception {
    deleteTree(subject.scratch(subject.pairs().getFirst()));
    deleteObjects(subject.scratchPrefix());
    if (subject.options().cleanUp()) {
      for (Pair pair : subject.pairs()) {
        Files.deleteIfExists(directory.resolve(Subject.basicFile(pair)));
      }
      deleteIfEmpty(directory);
    }
  }

  private static void deleteTree(Path top) throws IOException {
    if (Files.notExists(top)) {
      return;
    }
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void deleteObjects(String prefix) throws Check.CheckFailed {
    for (int pages = 0; pages < MOST_PAGES; pages++) {
      ListPage page = subject.store().list(prefix, false, Optional.empty(), MOST_KEYS);
      if (page.objects().isEmpty()) {
        return;
      }
      subject.store().deleteAll(page.objects().stream().map(ObjectInfo::key).toList());
    }
    throw new Check.CheckFailed("objects below " + prefix + " come again after their deletion");
  }

  /** Another run may be at work in it. */
  private static void deleteIfEmpty(Path each) throws IOException {
    try {
      Files.deleteIfExists(each);
    } catch (DirectoryNotEmptyException inUse) {
      // Then it stays.
    }
  }
}
