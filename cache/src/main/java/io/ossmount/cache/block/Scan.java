package io.ossmount.cache.block;

import io.ossmount.cache.block.MapFile.BlocksOnDisk;
import io.ossmount.cache.block.Space.Kept;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what an earlier process left in the cache directory, the longest unused first, and deletes
 * what is of no use, or all of it. Nothing is written to the directory before it has ended.
 */
final class Scan {
  private static final Logger log = LoggerFactory.getLogger(Scan.class);

  private final Path directory;
  private final Space space;

  Scan(Path directory, Space space) {
    this.directory = directory;
    this.space = space;
  }

  /** Deletes all that is there; returns how many bytes that were. */
  long deleteAll() throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Optional<Found> map = look(file);
        if (map.isPresent()) {
          bytes += bytes(map.get().name()).orElse(0L);
          VersionFiles.delete(directory, map.get().name());
        }
      }
    }
    space.scanned();
    log.info("{} bytes in the cache were not wanted any more", bytes);
    return bytes;
  }

  void run() throws IOException {
    List<Found> maps = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        look(file).ifPresent(maps::add);
      }
    }
    maps.sort(Comparator.comparingLong(Found::usedMillis));
    for (Found map : maps) {
      take(map);
    }
    space.scanned();
    log.info("{} objects with {} bytes are in the cache", maps.size(), space.usedBytes());
  }

  private record Found(VersionName name, long usedMillis) {}

  private Optional<Found> look(Path file) throws IOException {
    String text = file.getFileName().toString();
    boolean isMap = text.endsWith(VersionFiles.MAP);
    if (!isMap && !text.endsWith(VersionFiles.DATA)) {
      return Optional.empty();
    }
    Optional<VersionName> name = VersionName.parse(text.substring(0, text.lastIndexOf('.')));
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (isMap) {
      return Optional.of(new Found(name.get(), usedMillis(file)));
    }
    if (!Files.exists(directory.resolve(name.get() + VersionFiles.MAP))) {
      Files.deleteIfExists(file);
    }
    return Optional.empty();
  }

  /** Of a file that has just gone, or is damaged, {@link #take} finds out. */
  private static long usedMillis(Path map) {
    try {
      return Files.getLastModifiedTime(map).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  private void take(Found found) {
    bytes(found.name())
        .ifPresentOrElse(
            bytes -> space.found(found.name(), new Kept(bytes, false)),
            () -> space.forget(found.name()));
  }

  /** Bytes that a version takes on disk; empty: it is of no use. */
  private Optional<Long> bytes(VersionName name) {
    Path map = directory.resolve(name + VersionFiles.MAP);
    Path data = directory.resolve(name + VersionFiles.DATA);
    try {
      Optional<BlocksOnDisk> there = MapFile.peek(map);
      if (there.isPresent()
          && Files.exists(data)
          && Files.size(data) == there.get().blocks().objectSize()) {
        BlocksOnDisk on = there.get();
        return Optional.of(
            VersionFiles.pages(Files.size(map))
                + VersionFiles.allocatedBytes(on.blocks(), on.map()));
      }
    } catch (IOException e) {
      log.warn("{} cannot be read: deleted", map, e);
    }
    return Optional.empty();
  }
}
