package io.ossmount.cache.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whose a staging directory is: its journals know keys, and each bucket may have the same.
 * Written before the first byte is staged.
 */
final class TargetMarker {
  private static final Logger LOG = LoggerFactory.getLogger(TargetMarker.class);

  private final MarkerFile file;

  /** That of a staging directory. */
  TargetMarker(Path staging) {
    this.file = new MarkerFile(staging, "target", "name");
  }

  /** Whose it is; empty: an older release used it, which said nothing. */
  Optional<StagingTarget> read() throws IOException {
    Optional<String> text = file.read();
    Optional<StagingTarget> target = text.flatMap(StagingTarget::of);
    if (text.isPresent() && target.isEmpty()) {
      LOG.warn("{} cannot be read: its directory is taken as this mount's", file);
    }
    return target;
  }

  /** It is this one's from now on; returns when that is on the disk. */
  void write(StagingTarget target) throws IOException {
    file.write(target.text());
  }
}
