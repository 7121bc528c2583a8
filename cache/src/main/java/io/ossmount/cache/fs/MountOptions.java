package io.ossmount.cache.fs;

import java.time.Duration;

/**
 * How a mount shows its objects, whoever asks.
 *
 * @param prefix directory of the bucket that is the mount's root: "" or ending with "/"
 * @param attributeTimeout how long what is known of an object or a name holds
 * @param listTimeout how long a listing holds
 * @param negativeTimeout how long it holds that a name is not there
 * @param files what is shown of objects that do not say it themselves
 * @param readOnly nothing may be changed
 * @param modes how files are read and written
 */
public record MountOptions(
    String prefix,
    Duration attributeTimeout,
    Duration listTimeout,
    Duration negativeTimeout,
    Defaults files,
    boolean readOnly,
    Modes modes) {
  /** In the usual modes. */
  public MountOptions(
      String prefix,
      Duration attributeTimeout,
      Duration listTimeout,
      Duration negativeTimeout,
      Defaults files,
      boolean readOnly) {
    this(prefix, attributeTimeout, listTimeout, negativeTimeout, files, readOnly, Modes.USUAL);
  }

  /** Refuses a prefix that is none. */
  public MountOptions {
    if (!Keys.isDirectory(prefix) || prefix.startsWith("/")) {
      throw new IllegalArgumentException("not a directory of a bucket: " + prefix);
    }
  }

  /**
   * Owner and permissions of what does not say them.
   *
   * @param uid owner
   * @param gid group
   * @param fileMode permission bits of files
   * @param directoryMode permission bits of directories
   */
  public record Defaults(int uid, int gid, int fileMode, int directoryMode) {
    /** Files of root, readable by all. */
    public static final Defaults USUAL = new Defaults(0, 0, 0644, 0755);
  }

  /** The usual time-outs, for the whole bucket. */
  public static MountOptions usual() {
    return new MountOptions(
        "",
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        Defaults.USUAL,
        false);
  }
}
