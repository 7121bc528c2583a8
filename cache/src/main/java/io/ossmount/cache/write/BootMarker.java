package io.ossmount.cache.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether the machine was started anew since a staging directory was last used. A machine
 * that lost power may have lost bytes of which a journal speaks, but for those that were synced.
 */
final class BootMarker {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Logger LOG = LoggerFactory.getLogger(BootMarker.class);

  private final MarkerFile file;
  private final String now;

  /** That of a staging directory. */
  BootMarker(Path staging) {
    this.file = new MarkerFile(staging, "boot", "id");
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
    return !now.isEmpty() && file.read().filter(then -> !then.strip().equals(now)).isPresent();
  }

  /** The directory is used now. */
  void write() throws IOException {
    if (!now.isEmpty()) {
      file.write(now);
    }
  }
}
