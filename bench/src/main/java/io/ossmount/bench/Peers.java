package io.ossmount.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The programs that OssMount is measured beside, with those of their settings that their own
 * documentation names for speed. They speak S3 to the same emulator.
 */
final class Peers {
  private Peers() {}

  /**
   * s3fs of the distribution. Its cache on disk is off unless it is given a directory; {@code
   * kernel_cache} keeps pages between opens; the others raise how much is done at once and how much
   * is remembered. {@code complement_stat} shows objects that s3fs did not write.
   *
   * @return empty: it is not installed
   */
  static Optional<Program> s3fs(Bed.Endpoint endpoint, Mount.Place place, Path work)
      throws IOException {
    Optional<String> version = Machine.firstLine(List.of("s3fs", "--version"));
    if (version.isEmpty()) {
      return Optional.empty();
    }
    Path secret = work.resolve("s3fs.passwd");
    Files.deleteIfExists(secret);
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, endpoint.key() + ":" + endpoint.secret() + "\n");
    List<String> options =
        List.of(
            "url=" + endpoint.url(),
            "endpoint=" + endpoint.region(),
            "passwd_file=" + secret,
            "use_path_request_style",
            "use_cache=" + place.cache(),
            "kernel_cache",
            "complement_stat",
            "enable_noobj_cache",
            "max_stat_cache_size=300000",
            "multireq_max=64",
            "parallel_count=16",
            "multipart_size=16");
    return Optional.of(
        new Program(
            Side.S3FS,
            List.of(
                "s3fs",
                endpoint.bucket(),
                place.point().toString(),
                "-f",
                "-o",
                String.join(",", options)),
            Map.of(),
            version.get()));
  }

  /**
   * rclone, built from its Go module. Its documentation names 16 streams of 4 MiB for fast stores,
   * the fast fingerprint and the server's times for S3, and the full mode of its cache for what is
   * read again. It uploads after {@code close}, at once with these settings.
   *
   * @param program file
   * @return empty: it is not there
   */
  static Optional<Program> rclone(Path program, Bed.Endpoint endpoint, Mount.Place place) {
    return Machine.firstLine(List.of(program.toString(), "version"))
        .map(version ->
            new Program(
                Side.RCLONE,
                List.of(
                    program.toString(),
                    "mount",
                    ":s3:" + endpoint.bucket(),
                    place.point().toString(),
                    "--config=/dev/null",
                    "--s3-provider=Other",
                    "--s3-endpoint=" + endpoint.url(),
                    "--s3-region=" + endpoint.region(),
                    "--s3-no-check-bucket",
                    "--cache-dir=" + place.cache(),
                    "--vfs-cache-mode=full",
                    "--vfs-read-chunk-streams=16",
                    "--vfs-read-chunk-size=4M",
                    "--vfs-fast-fingerprint",
                    "--use-server-modtime",
                    "--vfs-write-back=0s",
                    "--transfers=16",
                    "--dir-cache-time=1h",
                    "--attr-timeout=1m"),
                Map.of(
                    "RCLONE_S3_ACCESS_KEY_ID",
                    endpoint.key(),
                    "RCLONE_S3_SECRET_ACCESS_KEY",
                    endpoint.secret()),
                version));
  }
}
