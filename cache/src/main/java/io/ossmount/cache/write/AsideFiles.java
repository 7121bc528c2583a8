package io.ossmount.cache.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Staging files that are not uploaded, and kept for a while where people find them. Thread-safe.
 *
 * @param directory of these and no others
 * @param days how long they are kept
 */
record AsideFiles(Path directory, int days) {
  private static final Logger LOG = LoggerFactory.getLogger(AsideFiles.class);

  /** Makes the directory, and deletes what was kept for long enough. */
  void begin() throws IOException {
    Files.createDirectories(directory);
    Instant limit = Instant.now().minus(Duration.ofDays(days));
    try (Stream<Path> old = Files.list(directory)) {
      for (Path file : (Iterable<Path>) old::iterator) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.delete(file);
        }
      }
    }
  }

  /** How many there are, without their journals. */
  long count() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> !StagingJournal.isOne(file)).count();
    }
  }

  /** Moves a file here and names it in the log. */
  void keep(Path file) {
    try {
      LOG.warn("Writes that did not reach OSS are kept for {} days in {}", days, take(file));
    } catch (IOException e) {
      LOG.error("Writes that did not reach OSS stay in {}", file, e);
    }
  }

  /** Moves a file here, and tells where it is. */
  Path take(Path file) throws IOException {
    // The days count from now, however long it has waited before.
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    return Files.move(
        file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns when the names are on the disk. */
  void force() throws IOException {
    Durability.force(directory);
  }
}
