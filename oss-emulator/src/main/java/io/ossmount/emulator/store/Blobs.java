package io.ossmount.emulator.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of bytes, written once, each kept as long as somebody refers to it: objects and parts by
 * their segments, readers while they read. Thread-safe.
 */
final class Blobs {
  private static final Logger log = LoggerFactory.getLogger(Blobs.class);

  private static final int MOST_SEGMENTS = 256;

  private final Path directory;
  private final ConcurrentHashMap<String, Integer> references = new ConcurrentHashMap<>();

  Blobs(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** Deletes what a killed process left behind. Called once, when all references are known. */
  void deleteUnreferenced() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!references.containsKey(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
  }

  BlobWriter create() {
    return new BlobWriter(this);
  }

  /** The same bytes in few pieces: what is appended to all day must not grow its list for ever. */
  Received compact(StoredObject.Content content) throws IOException {
    if (content.segments().size() <= MOST_SEGMENTS) {
      retain(content.segments());
      return new Received(this, content);
    }
    try (BlobWriter writer = create()) {
      transfer(content.segments(), 0, content.size(), writer::writeRange);
      return new Received(this, writer.finish().withEtag(content.etag()));
    }
  }

  Path path(String blob) {
    return directory.resolve(blob);
  }

  void retain(Collection<Segment> segments) {
    for (Segment each : segments) {
      references.merge(each.blob(), 1, Integer::sum);
    }
  }

  void release(Collection<Segment> segments) {
    for (Segment each : segments) {
      references.compute(
          each.blob(),
          (blob, count) -> {
            if (count != null && count > 1) {
              return count - 1;
            }
            delete(blob);
            return null;
          });
    }
  }

  void delete(String blob) {
    try {
      Files.deleteIfExists(path(blob));
    } catch (IOException e) {
      log.warn("cannot delete blob {}: {}", blob, e.toString()); // the next start tries again
    }
  }

  /** Hands over a range of what the segments hold; the caller keeps them retained meanwhile. */
  void transfer(List<Segment> segments, long offset, long count, BlobTarget target)
      throws IOException {
    long skip = offset;
    long left = count;
    for (Segment each : segments) {
      if (left == 0) {
        return;
      }
      if (skip >= each.length()) {
        skip -= each.length();
        continue;
      }
      long piece = Math.min(left, each.length() - skip);
      try (FileChannel file = FileChannel.open(path(each.blob()), StandardOpenOption.READ)) {
        target.transfer(file, each.offset() + skip, piece);
      }
      skip = 0;
      left -= piece;
    }
  }

  /** Bytes on disk, for tests. */
  long bytes() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
