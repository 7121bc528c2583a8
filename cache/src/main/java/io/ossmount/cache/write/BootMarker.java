package io.ossmount.cache.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether the machine was started anew since a staging directory was last used. A machine
 * that lost power may have lost bytes of which a journal speaks, but for those that were synced.
 */
final class BootMarker {
  /** Name of its directory: what is no file is no staging file. */
  private static final String DIRECTORY = "boot";

  private static final String NAME = "id";
  private static final String FRESH = "id.new";
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Logger LOG = LoggerFactory.getLogger(BootMarker.class);

  private final Path directory;
  private final String now;

  /** That of a staging directory. */
  BootMarker(Path staging) {
    this.directory = staging.resolve(DIRECTORY);
    this.now = now();
  }

  private static String now() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      LOG.warn("It is not known when this machine was started: {}", e.getMessage());
      return "";
    }
  }

  /** Whether the directory was last used before the machine was started. */
  boolean isFromBefore() throws IOException {
    try {
      return !now.isEmpty() && !Files.readString(directory.resolve(NAME)).strip().equals(now);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** The directory is used now. */
  void write() throws IOException {
    if (!now.isEmpty()) {
      Files.createDirectories(directory);
      Path fresh = Files.writeString(directory.resolve(FRESH), now);
      Files.move(fresh, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
