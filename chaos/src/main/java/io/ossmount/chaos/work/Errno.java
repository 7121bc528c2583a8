package io.ossmount.chaos.work;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;

/** Names of error numbers, from what the JDK and programs make of them. */
final class Errno {
  /** As the C library says it, in a locale of English. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("Stale file handle", "ESTALE"),
          Map.entry("Bad file descriptor", "EBADF"),
          Map.entry("Input/output error", "EIO"),
          Map.entry("Transport endpoint is not connected", "ENOTCONN"),
          Map.entry("Connection timed out", "ETIMEDOUT"),
          Map.entry("Software caused connection abort", "ECONNABORTED"),
          Map.entry("No space left on device", "ENOSPC"),
          Map.entry("Interrupted system call", "EINTR"),
          Map.entry("Not a directory", "ENOTDIR"),
          Map.entry("Is a directory", "EISDIR"),
          Map.entry("Directory not empty", "ENOTEMPTY"),
          Map.entry("No such file or directory", "ENOENT"),
          Map.entry("No such device", "ENODEV"),
          Map.entry("File exists", "EEXIST"),
          Map.entry("Permission denied", "EACCES"),
          Map.entry("Operation not permitted", "EPERM"),
          Map.entry("Read-only file system", "EROFS"),
          Map.entry("Resource temporarily unavailable", "EAGAIN"),
          Map.entry("Device or resource busy", "EBUSY"),
          Map.entry("Invalid argument", "EINVAL"),
          Map.entry("Function not implemented", "ENOSYS"));

  /** tar(1), of a write that ended early; of whatever ended it, if that tells no more. */
  private static final String CUT = "Wrote only";

  private Errno() {}

  /** Of an exception; its class when it does not tell. */
  static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "ENOENT";
      case FileAlreadyExistsException _ -> "EEXIST";
      case AccessDeniedException _ -> "EACCES";
      case DirectoryNotEmptyException _ -> "ENOTEMPTY";
      case NotDirectoryException _ -> "ENOTDIR";
      case ClosedChannelException _ -> "EBADF";
      case FileSystemException failure when failure.getReason() != null ->
          in(failure.getReason(), e.getClass().getSimpleName());
      default -> in(Objects.requireNonNullElse(e.getMessage(), ""), e.getClass().getSimpleName());
    };
  }

  /** The one whose words come first in the text. */
  static String in(String text, String otherwise) {
    return WORDS.keySet().stream()
        .filter(text::contains)
        .min(Comparator.comparingInt(text::indexOf))
        .map(words -> Objects.requireNonNull(WORDS.get(words)))
        // A disk whose last room the write took.
        .orElse(text.contains(CUT) ? "ENOSPC" : otherwise);
  }
}
