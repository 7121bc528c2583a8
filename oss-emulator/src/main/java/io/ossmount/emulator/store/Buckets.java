package io.ossmount.emulator.store;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All buckets of the directory. Thread-safe. One process at a time may have it open. */
public final class Buckets {
  private static final Pattern VALID_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");
  private static final String INFO_FILE = "bucket.json";

  private final Path directory;
  private final Blobs blobs;
  private final Clock clock;
  private final ConcurrentSkipListMap<String, Bucket> buckets = new ConcurrentSkipListMap<>();

  private Buckets(Path directory, Blobs blobs, Clock clock) {
    this.directory = directory;
    this.blobs = blobs;
    this.clock = clock;
  }

  /**
   * Opens a directory and reads the index of what is in it.
   *
   * @param root made if it is not there
   */
  public static Buckets open(Path root, Clock clock) throws IOException {
    Path directory = Files.createDirectories(root.resolve("buckets"));
    Buckets buckets = new Buckets(directory, new Blobs(root.resolve("blobs")), clock);
    try (Stream<Path> found = Files.list(directory)) {
      for (Path each : (Iterable<Path>) found::iterator) {
        if (Files.exists(each.resolve(INFO_FILE))) {
          buckets.load(each, Json.read(each.resolve(INFO_FILE), Bucket.BucketInfo.class));
        }
      }
    }
    buckets.blobs.deleteUnreferenced();
    return buckets;
  }

  private void load(Path path, Bucket.BucketInfo info) throws IOException {
    buckets.put(info.name(), new Bucket(path, info, blobs, clock));
  }

  /**
   * Makes a bucket; one that is there stays as it is.
   *
   * @throws OssException InvalidBucketName
   */
  public synchronized Bucket create(String name) throws IOException {
    if (!VALID_NAME.matcher(name).matches()) {
      throw new OssException(ErrorCode.INVALID_BUCKET_NAME).detail("BucketName", name);
    }
    Bucket existing = buckets.get(name);
    if (existing != null) {
      return existing;
    }
    Path own = Files.createDirectories(directory.resolve(name));
    Bucket.BucketInfo info = new Bucket.BucketInfo(name, clock.instant().getEpochSecond());
    Json.write(own.resolve(INFO_FILE), info);
    load(own, info);
    return get(name);
  }

  /**
   * Deletes an empty bucket.
   *
   * @throws OssException NoSuchBucket, BucketNotEmpty
   */
  public synchronized void delete(String name) throws IOException {
    get(name).delete();
    buckets.remove(name);
    Path own = directory.resolve(name);
    Files.delete(own.resolve(INFO_FILE)); // from here on a restart forgets it
    try (Stream<Path> files = Files.walk(own)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /**
   * The bucket of that name.
   *
   * @throws OssException NoSuchBucket
   */
  public Bucket get(String name) {
    return Optional.ofNullable(buckets.get(name))
        .orElseThrow(() -> new OssException(ErrorCode.NO_SUCH_BUCKET).detail("BucketName", name));
  }

  /** All, by name. */
  public List<Bucket> all() {
    return List.copyOf(buckets.values());
  }

  /**
   * Puts a stream on disk.
   *
   * @param most bytes that may come
   * @throws ContentTooLargeException more came
   */
  public Received receive(InputStream body, long most) throws IOException {
    try (BlobWriter writer = blobs.create()) {
      writer.writeAll(body, most);
      return new Received(blobs, writer.finish());
    }
  }

  /** A range of an object as bytes of their own; reads it once for its checksums. */
  public Received copyRange(ObjectReader reader, long offset, long count) throws IOException {
    try (BlobWriter writer = blobs.create()) {
      reader.transfer(offset, count, writer::writeRange);
      return new Received(blobs, writer.finish());
    }
  }

  /** Bytes that all blobs have on disk. */
  public long bytesOnDisk() {
    return blobs.bytes();
  }
}
