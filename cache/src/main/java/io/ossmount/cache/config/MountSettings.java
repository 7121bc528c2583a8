package io.ossmount.cache.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one mount serves and how, checked: {@code config/v1/mount.proto} as values.
 *
 * @param mount the OssMount that this is of
 * @param source where the objects are
 * @param readOnly whether no session may write
 * @param files what objects look like that do not say it themselves
 * @param metadataCache how long what was learned holds
 * @param cache bounds of the block cache
 * @param timeouts bounds of waiting for OSS
 * @param write when writers are answered, and how their bytes go up
 * @param reset each new value of it drops what is cached, once; "": nothing is asked
 * @param mounts other directories of OSS at paths of this one; no two paths the same
 */
public record MountSettings(
    MountName mount,
    Source source,
    boolean readOnly,
    Files files,
    MetadataCache metadataCache,
    Cache cache,
    Timeouts timeouts,
    Write write,
    String reset,
    List<NestedMount> mounts) {
  /** Copies {@code mounts}. */
  public MountSettings {
    mounts = List.copyOf(mounts);
  }

  /** A mount without nested ones. */
  public MountSettings(
      MountName mount,
      Source source,
      boolean readOnly,
      Files files,
      MetadataCache metadataCache,
      Cache cache,
      Timeouts timeouts,
      Write write,
      String reset) {
    this(mount, source, readOnly, files, metadataCache, cache, timeouts, write, reset, List.of());
  }

  /**
   * Another directory of OSS at a path of the mount.
   *
   * @param path names with "/" between them
   * @param readOnly also when the whole mount is
   */
  public record NestedMount(
      String path, Source source, boolean readOnly, MetadataCache metadataCache) {}

  /** Which OssMount; all "" outside Kubernetes. */
  public record MountName(String namespace, String name, String uid) {}

  /**
   * Where the objects are.
   *
   * @param bucket its name
   * @param directory without slashes at its ends; "" is the whole bucket
   * @param endpoint with scheme, without bucket and path
   * @param region of the V4 signature
   * @param pathStyle whether the bucket is the first segment of the path, not a label of the host
   * @param credentials empty: there are none
   */
  public record Source(
      String bucket,
      String directory,
      URI endpoint,
      String region,
      boolean pathStyle,
      Optional<Credentials> credentials) {
    /** What the keys of the directory begin with: "" or with a slash at its end. */
    public String prefix() {
      return directory.isEmpty() ? "" : directory + "/";
    }
  }

  /**
   * An access key. Says nothing of itself when it is printed.
   *
   * @param securityToken of temporary credentials
   */
  public record Credentials(
      String accessKeyId, String accessKeySecret, Optional<String> securityToken) {
    @Override
    public String toString() {
      return "Credentials[redacted]";
    }
  }

  /** Owner, group and permission bits (0 to 0777). */
  public record Files(int uid, int gid, int fileMode, int directoryMode) {
    /** What an OssMount that says nothing has. */
    public static final Files DEFAULT = new Files(0, 0, 0644, 0755);
  }

  /** How long attributes, listings and absences hold. */
  public record MetadataCache(
      Duration attributeTimeout, Duration listTimeout, Duration negativeTimeout) {
    /** What an OssMount that says nothing has. */
    public static final MetadataCache DEFAULT =
        new MetadataCache(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(5));
  }

  /**
   * Bounds of the block cache.
   *
   * @param sizeBytes most bytes on disk
   * @param keepFreeBytes of the disk that stay free
   * @param readAheadBytes fetched ahead of readers at a time
   * @param readMode whether what was read is kept
   */
  public record Cache(long sizeBytes, long keepFreeBytes, long readAheadBytes, ReadMode readMode) {
    /** Where nothing is said. */
    public static final long USUAL_READ_AHEAD = 256L << 20;
  }

  /**
   * How written bytes go up.
   *
   * @param mode when close(2) returns
   * @param partSizeBytes of multipart uploads
   * @param stagingSizeBytes most that written and not uploaded bytes take on disk
   */
  public record Write(WriteMode mode, long partSizeBytes, long stagingSizeBytes) {
    /** OSS takes no smaller parts. */
    public static final long LEAST_PART = 100L << 10;

    /** OSS takes no larger ones. */
    public static final long LARGEST_PART = 5L << 30;

    /** What an OssMount that says nothing has. */
    public static final Write DEFAULT = new Write(WriteMode.THROUGH, 16L << 20, 50L << 30);

    /** The same sizes in another mode. */
    public Write with(WriteMode other) {
      return new Write(other, partSizeBytes, stagingSizeBytes);
    }
  }

  /**
   * Bounds of waiting.
   *
   * @param connect for a connection
   * @param operation one operation with all of its retries
   */
  public record Timeouts(Duration connect, Duration operation) {
    /** What an OssMount that says nothing has. */
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(5), Duration.ofMinutes(2));
  }
}
