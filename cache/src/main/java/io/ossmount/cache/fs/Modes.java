package io.ossmount.cache.fs;

import io.ossmount.cache.config.ReadMode;
import io.ossmount.cache.config.WriteMode;
import java.util.Optional;

/** How files are read and written: of a mount, or of a session that says it for itself. */
public record Modes(ReadMode read, WriteMode write) {
  /** What is not said otherwise. */
  public static final Modes USUAL = new Modes(ReadMode.CACHE, WriteMode.THROUGH);

  /**
   * What a session says for itself.
   *
   * @param read empty: as the mount says
   * @param write empty: as the mount says
   */
  public record Own(Optional<ReadMode> read, Optional<WriteMode> write) {
    /** Nothing. */
    public static final Own NONE = new Own(Optional.empty(), Optional.empty());

    /** With what the mount says of the rest. */
    public Modes over(Modes mount) {
      return new Modes(read.orElse(mount.read), write.orElse(mount.write));
    }
  }
}
