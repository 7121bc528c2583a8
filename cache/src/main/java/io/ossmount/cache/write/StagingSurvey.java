package io.ossmount.cache.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What lies in a staging directory with which nobody works: it is looked at, and left as it is.
 *
 * @param target where it was to go; empty: an older release left it
 * @param files that were to be uploaded
 * @param promised how many of these somebody was told are safe (write mode Async)
 * @param promisedBytes that were written to those
 * @param oldest when the oldest of those was written last
 */
public record StagingSurvey(
    Optional<StagingTarget> target,
    long files,
    long promised,
    long promisedBytes,
    Optional<Instant> oldest) {
  /** Looks at a staging directory; one that is not there has nothing. */
  public static StagingSurvey of(Path directory) throws IOException {
    Sum sum = new Sum();
    for (Path journal : journals(directory)) {
      String name = journal.getFileName().toString();
      Path data =
          directory.resolve(name.substring(0, name.length() - StagingJournal.SUFFIX.length()));
      if (Files.exists(data)) {
        Optional<StagedState> state = Resumption.read(ByteBuffer.wrap(Files.readAllBytes(journal)));
        sum.add(state, Files.getLastModifiedTime(data).toInstant());
      }
    }
    return new StagingSurvey(
        new TargetMarker(directory).read(),
        sum.files,
        sum.promised,
        sum.bytes,
        sum.promised == 0 ? Optional.empty() : Optional.of(sum.oldest));
  }

  private static List<Path> journals(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(StagingJournal::isOne).filter(Files::isRegularFile).toList();
    }
  }

  /** Not thread-safe. */
  private static final class Sum {
    private long files;
    private long promised;
    private long bytes;
    private Instant oldest = Instant.MAX;

    void add(Optional<StagedState> read, Instant written) {
      if (read.isEmpty() || !isLeft(read.get())) {
        return;
      }
      files++;
      if (read.get().isPromised()) {
        promised++;
        bytes += read.get().written().total();
        oldest = written.isBefore(oldest) ? written : oldest;
      }
    }

    /** Whether the next process would upload it without being asked. */
    private static boolean isLeft(StagedState state) {
      return state.isNamed()
          && state.successor().isEmpty()
          && state.made().isEmpty()
          && (state.isPromised() || state.isClosed());
    }
  }
}
