package io.ossmount.emulator;

import io.ossmount.emulator.store.Bucket;
import io.ossmount.emulator.store.Buckets;
import io.ossmount.emulator.store.Draft;
import io.ossmount.emulator.store.ObjectType;
import io.ossmount.emulator.store.Received;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory whose files become objects of a bucket when the emulator starts: its first content.
 * An object that is there already stays as it is.
 *
 * @param bucket made if it is not there
 * @param directory may be that of a mounted ConfigMap, whose own bookkeeping (names that start with
 *     "..") is passed over
 */
record Seed(String bucket, Path directory) {

  /**
   * Reads {@code BUCKET=DIRECTORY}.
   *
   * @throws IllegalArgumentException it is not of that form
   */
  static Seed parse(String text) {
    String[] parts = text.split("=", 2);
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException("not BUCKET=DIRECTORY: " + text);
    }
    return new Seed(parts[0], Path.of(parts[1]));
  }

  void plant(Buckets buckets) throws IOException {
    Bucket target = buckets.create(bucket);
    for (Path file : files()) {
      String key = directory.relativize(file).toString();
      if (target.find(key).isEmpty()) {
        plant(buckets, target, key, file);
      }
    }
  }

  private static void plant(Buckets buckets, Bucket target, String key, Path file)
      throws IOException {
    try (InputStream content = Files.newInputStream(file);
        Received received = buckets.receive(content, Long.MAX_VALUE)) {
      target.put(new Draft(key, ObjectType.NORMAL, received.content(), Map.of(), "", false));
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
      return paths
          .filter(path -> !directory.relativize(path).toString().startsWith(".."))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }
}
