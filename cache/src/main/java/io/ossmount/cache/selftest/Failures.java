package io.ossmount.cache.selftest;

import io.ossmount.cache.store.StoreException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** What went wrong, in one line. */
final class Failures {
  private Failures() {}

  static String words(Throwable thrown) {
    return switch (thrown) {
      case StoreException store -> text(store);
      case Check.CheckFailed failed -> text(failed);
      case NoSuchFileException gone -> gone.getFile() + ": No such file or directory";
      case FileAlreadyExistsException there -> there.getFile() + ": File exists";
      case AccessDeniedException denied ->
          denied.getFile()
              + ": Permission denied"
              + (denied.getReason() == null ? "" : ": " + denied.getReason());
      case FileSystemException file ->
          file.getFile() + ": " + Objects.requireNonNullElse(file.getReason(), name(file));
      // Of an IOException of a channel, the message is that of errno.
      default -> name(thrown) + ": " + text(thrown);
    };
  }

  private static String name(Throwable thrown) {
    return thrown.getClass().getSimpleName();
  }

  private static String text(Throwable thrown) {
    return Objects.requireNonNullElse(thrown.getMessage(), "")
        .lines()
        .findFirst()
        .orElse("without a word");
  }
}
