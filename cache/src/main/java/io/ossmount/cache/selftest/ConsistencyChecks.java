package io.ossmount.cache.selftest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.ossmount.cache.selftest.Lateness.Difference;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether the mount shows what the bucket has. What others change meanwhile, the mount may show
 * late: {@link Lateness} tells which differences count.
 */
final class ConsistencyChecks {
  private static final int MOST_FILES = 5;
  private static final long MOST_BYTES = 1 << 20;

  private static final int MOST_NAME_BYTES = 255;

  /** Of a directory. */
  private static final long NO_SIZE = -1;

  /** What the bucket has of a name that it does not have. */
  private static final String NOTHING = "nothing";

  private final Subject subject;
  private final Path root;

  ConsistencyChecks(Subject subject) {
    this.subject = subject;
    this.root = subject.pairs().getFirst().root();
  }

  List<Check> all() {
    Duration wait = subject.options().lateness().patience();
    return List.of(
        Check.writing("Consistency/OwnFiles", this::ownFiles),
        Check.reading("Consistency/Listing", this::listing).waiting(wait),
        Check.reading("Consistency/Contents", this::contents).waiting(wait));
  }

  /** Each of the files that stay, through each mount. */
  private void ownFiles() throws Exception {
    for (Pair written : subject.pairs()) {
      String name = Subject.basicFile(written);
      ObjectInfo info = StoredObjects.head(subject.store(), subject.directoryPrefix() + name);
      for (Pair pair : subject.pairs()) {
        same(pair.root().resolve(Subject.DIRECTORY).resolve(name), info);
      }
    }
  }

  /** Names and sizes of the first thousand entries of the OssMount's directory. */
  private String listing() throws Exception {
    var look = new Listing();
    int young = subject.options().lateness().settle(look);
    return "%d entries%s%s"
        .formatted(look.entries, look.isMore ? ", the first of more" : "", changing(young));
  }

  /** Looks at the directory, and knows how much it saw last. */
  private final class Listing implements Lateness.Look {
    private int entries;
    private boolean isMore;

    @Override
    public Map<String, Difference> differences() throws IOException {
      ListPage page = StoredObjects.list(subject.store(), subject.prefix());
      SortedMap<String, Long> stored = stored(page);
      entries = stored.size();
      isMore = page.continuation().isPresent();
      return differencesOf(stored, shown(stored, isMore));
    }
  }

  /** Bytes of a few small files that were there before. */
  private String contents() throws Exception {
    List<ObjectInfo> sample =
        StoredObjects.list(subject.store(), subject.prefix()).objects().stream()
            .filter(info -> info.size() > 0 && info.size() <= MOST_BYTES)
            .filter(info -> isPlain(name(info.key())))
            .limit(MOST_FILES)
            .toList();
    if (sample.isEmpty()) {
      throw new Check.NotApplicable(
          "there is no file of up to 1 MiB directly in the OssMount's directory");
    }
    List<String> keys = new ArrayList<>(sample.stream().map(ObjectInfo::key).toList());
    int young = subject.options().lateness().settle(() -> otherBytes(keys));
    return sample.size() + " files compared" + changing(young);
  }

  /**
   * Which files have other bytes than their objects.
   *
   * @param keys of the files; those that are equal are removed
   */
  private Map<String, Difference> otherBytes(List<String> keys) throws IOException {
    Map<String, Difference> differences = new TreeMap<>();
    for (String key : List.copyOf(keys)) {
      Optional<ObjectInfo> info = subject.store().head(key);
      try {
        if (info.isPresent()) {
          same(root.resolve(name(key)), info.get());
        }
        keys.remove(key);
      } catch (Check.CheckFailed e) {
        differences.put(
            key, new Difference(info.orElseThrow().version(), String.valueOf(e.getMessage())));
      } catch (NoSuchFileException | StoreException.NotFound | StoreException.VersionChanged e) {
        // The mount may be late with it, and somebody may have replaced it since the line above.
        differences.put(key, new Difference(info.orElseThrow().version(), Failures.words(e)));
      }
    }
    return differences;
  }

  private static String changing(int young) {
    return young == 0 ? "" : ", but for %d that changed meanwhile".formatted(young);
  }

  private void same(Path file, ObjectInfo info) throws IOException, Check.CheckFailed {
    long size = Files.size(file);
    Check.that(size == info.size(), "%s has %d bytes, its object %d", file, size, info.size());
    Check.that(
        StoredObjects.crc64(file) == StoredObjects.crc64(subject.store(), info),
        "%s has other bytes than its object",
        file);
  }

  /** By name: the size of a file, or {@link #NO_SIZE}. Keys that have another name are left out. */
  private SortedMap<String, Long> stored(ListPage page) {
    SortedMap<String, Long> entries = new TreeMap<>();
    page.objects().forEach(info -> entries.put(name(info.key()), info.size()));
    page.directories()
        .forEach(directory ->
            entries.put(name(directory.substring(0, directory.length() - 1)), NO_SIZE));
    entries.keySet().removeIf(name -> !isPlain(name));
    return entries;
  }

  /**
   * The same of the mount.
   *
   * @param onlyThese whether the bucket has more than it told, so that only those can be compared
   */
  private SortedMap<String, Long> shown(SortedMap<String, Long> stored, boolean onlyThese)
      throws IOException {
    SortedMap<String, Long> entries = new TreeMap<>();
    try (var files = Files.newDirectoryStream(root)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (isPlain(name) && (!onlyThese || stored.containsKey(name))) {
          entries.put(name, size(file, stored.getOrDefault(name, 0L)));
        }
      }
    }
    return entries;
  }

  /**
   * Of an entry.
   *
   * @param stored size of its object, which is taken for that of a link: a link's is its target's
   *     length
   */
  private static long size(Path file, long stored) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      return stored;
    }
    return attributes.isDirectory() ? NO_SIZE : attributes.size();
  }

  private static Map<String, Difference> differencesOf(
      SortedMap<String, Long> stored, SortedMap<String, Long> shown) {
    Map<String, Difference> differences = new TreeMap<>();
    stored.forEach((name, size) -> {
      Long there = shown.get(name);
      if (!size.equals(there)) {
        differences.put(
            name,
            new Difference(
                size,
                there == null
                    ? "the bucket has %s, and the mount does not show it".formatted(name)
                    : "%s has %d bytes in the mount and %d in the bucket (-1: a directory)"
                        .formatted(name, there, size)));
      }
    });
    shown.keySet().stream()
        .filter(name -> !stored.containsKey(name))
        .forEach(name ->
            differences.put(
                name,
                new Difference(
                    NOTHING,
                    "the mount shows %s, and the bucket does not have it".formatted(name))));
    return differences;
  }

  private String name(String key) {
    return key.substring(subject.prefix().length());
  }

  /** Whether it is of this bucket, and its own name; docs/SEMANTICS.md tells which are not. */
  private boolean isPlain(String name) {
    return !name.isEmpty()
        && !subject.options().except().contains(name)
        && !name.equals(".")
        && !name.equals("..")
        && !name.startsWith("%oss")
        && name.indexOf('\0') < 0
        && name.getBytes(UTF_8).length <= MOST_NAME_BYTES;
  }
}
