package io.ossmount.cache.selftest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ListPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether the mount shows what the bucket has. What others change meanwhile, the mount may show
 * late: a difference counts when it is still there after the mount's own patience.
 */
final class ConsistencyChecks {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int MOST_FILES = 5;
  private static final long MOST_BYTES = 1 << 20;

  private static final int MOST_NAME_BYTES = 255;

  /** Of a directory. */
  private static final long NO_SIZE = -1;

  private final Subject subject;
  private final Path root;

  ConsistencyChecks(Subject subject) {
    this.subject = subject;
    this.root = subject.pairs().getFirst().root();
  }

  List<Check> all() {
    return List.of(
        Check.writing("Consistency/OwnFiles", this::ownFiles),
        Check.reading("Consistency/Listing", this::listing),
        Check.reading("Consistency/Contents", this::contents));
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
    long end = System.nanoTime() + subject.options().patience().toNanos();
    while (true) {
      ListPage page = StoredObjects.list(subject.store(), subject.prefix());
      SortedMap<String, Long> stored = stored(page);
      SortedMap<String, Long> shown = shown(stored, page.continuation().isPresent());
      if (stored.equals(shown)) {
        return "%d entries%s"
            .formatted(stored.size(), page.continuation().isPresent() ? ", the first of more" : "");
      }
      Check.that(System.nanoTime() < end, "%s", difference(stored, shown));
      Thread.sleep(PAUSE);
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
    for (ObjectInfo info : sample) {
      same(root.resolve(name(info.key())), info);
    }
    return sample.size() + " files compared";
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

  private static String difference(SortedMap<String, Long> stored, SortedMap<String, Long> shown) {
    for (var entry : stored.entrySet()) {
      Long size = shown.get(entry.getKey());
      if (size == null) {
        return "the bucket has %s, and the mount does not show it".formatted(entry.getKey());
      }
      if (!size.equals(entry.getValue())) {
        return "%s has %d bytes in the mount and %d in the bucket (-1: a directory)"
            .formatted(entry.getKey(), size, entry.getValue());
      }
    }
    return shown.keySet().stream()
        .filter(name -> !stored.containsKey(name))
        .findFirst()
        .map("the mount shows %s, and the bucket does not have it"::formatted)
        .orElse("");
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
