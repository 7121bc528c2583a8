package io.ossmount.cache;

import io.ossmount.cache.fs.PendingWrites;
import io.ossmount.cache.write.StagingSurvey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was written below nested mounts that are not there any more and did not reach their buckets:
 * it counts as pending until they are mounted again, or their directories are removed. Not
 * thread-safe but for {@link #pending()}.
 */
final class LeftNested {
  private static final Logger log = LoggerFactory.getLogger(LeftNested.class);

  private final Path directory;
  private Map<Path, Found> found = Map.of();
  private volatile PendingWrites pending = PendingWrites.NONE;

  /** Nobody works there, so it is as it was as long as no name comes or goes. */
  private record Found(FileTime changed, StagingSurvey survey) {}

  /**
   * Looks at nothing yet.
   *
   * @param directory in which each nested mount has its staging directory
   */
  LeftNested(Path directory) {
    this.directory = directory;
  }

  /** Looks what there is; costs little where nothing has changed since. */
  void look(Set<Path> used) {
    Map<Path, Found> now = new HashMap<>();
    for (Path left : unused(used)) {
      try {
        look(left).ifPresent(survey -> now.put(left, survey));
      } catch (IOException e) {
        log.warn("{} cannot be looked at: {}", left, e.getMessage());
        Optional.ofNullable(found.get(left)).ifPresent(before -> now.put(left, before));
      }
    }
    found = now;
    pending =
        now.values().stream()
            .map(left -> pending(left.survey))
            .reduce(PendingWrites.NONE, PendingWrites::and);
  }

  private List<Path> unused(Set<Path> used) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isDirectory).filter(left -> !used.contains(left)).toList();
    } catch (IOException e) {
      // There was no nested mount yet.
      log.debug("{} cannot be listed", directory, e);
      return List.of();
    }
  }

  private Optional<Found> look(Path left) throws IOException {
    FileTime changed = Files.getLastModifiedTime(left);
    Found before = found.get(left);
    if (before != null && before.changed.equals(changed)) {
      return Optional.of(before);
    }
    StagingSurvey survey = StagingSurvey.of(left);
    if (survey.files() > 0) {
      tell(left, survey);
    }
    return Optional.of(new Found(changed, survey));
  }

  private static void tell(Path left, StagingSurvey survey) {
    String path = survey.target().map(of -> of.path()).orElse("a nested mount of an older release");
    String target = survey.target().map(Object::toString).orElse("its bucket");
    log.warn(
        "{} is not mounted, and {} files that were written below it are not in {}; {} of"
            + " them, with {} bytes, were acknowledged. To upload them, mount {} there again; if"
            + " nobody wants them, remove {}",
        path,
        survey.files(),
        target,
        survey.promised(),
        survey.promisedBytes(),
        target,
        left);
  }

  private static PendingWrites pending(StagingSurvey survey) {
    return new PendingWrites(
        survey.promised(), survey.promisedBytes(), survey.oldest(), 0, Optional.empty());
  }

  /** What of it was acknowledged, when it was looked at last. */
  PendingWrites pending() {
    return pending;
  }
}
