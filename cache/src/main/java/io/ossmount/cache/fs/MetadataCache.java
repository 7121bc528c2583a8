package io.ossmount.cache.fs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ossmount.cache.store.ObjectInfo;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the bucket's names, and since when. Changes made here are put in at once; an
 * answer of OSS that was asked for before such a change is corrected by it. Thread-safe; bounded in
 * names, not in time: who asks compares the age with the time-outs.
 */
final class MetadataCache {
  /** Longest listing that is kept whole. */
  static final int MAX_LISTING = 10_000;

  private final Supplier<MountOptions> options;
  private final LongSupplier nanos;
  private final Cache<String, Known> names;
  private final Cache<String, Listing> listings;
  private final Cache<String, Remembered> attributes;
  private final TreeMap<String, Change> recent = new TreeMap<>(Keys.ORDER);
  private final TreeMap<Long, Integer> asking = new TreeMap<>();
  private final long[] generations = new long[4096];
  private long changes;

  /** What OSS was asked before this is not kept. */
  private long forgotten;

  /** Keeps {@code most} names, the attributes of as many, and twice as many in listings. */
  MetadataCache(int most, Supplier<MountOptions> options, LongSupplier nanos) {
    this.options = options;
    this.nanos = nanos;
    this.names = Caffeine.newBuilder().maximumSize(most).build();
    this.attributes = Caffeine.newBuilder().maximumSize(most).build();
    this.listings =
        Caffeine.newBuilder()
            .maximumWeight(2L * most)
            .weigher((String prefix, Listing listing) -> listing.weight)
            .build();
  }

  /** Another {@code most} from now on. */
  void most(int most) {
    names.policy().eviction().ifPresent(of -> of.setMaximum(most));
    attributes.policy().eviction().ifPresent(of -> of.setMaximum(most));
    listings.policy().eviction().ifPresent(of -> of.setMaximum(2L * most));
  }

  /**
   * What a path is: an object, a directory, both or neither.
   *
   * @param asOf when that was so, in nanoseconds of the cache's clock
   */
  record Known(Optional<ObjectInfo> file, boolean directory, long asOf) {
    boolean isNothing() {
      return file.isEmpty() && !directory;
    }
  }

  private record Change(long number, boolean present, Optional<ObjectInfo> object) {}

  private record Remembered(ObjectInfo of, Posix posix) {}

  private static final class Listing {
    final NavigableMap<String, Optional<ObjectInfo>> children;
    final long asOf;
    int weight;

    Listing(NavigableMap<String, Optional<ObjectInfo>> children, long asOf) {
      this.children = children;
      this.asOf = asOf;
      this.weight = children.size() + 1;
    }
  }

  /** A directory's children, by key: objects, and directories, which are empty. */
  record Children(NavigableMap<String, Optional<ObjectInfo>> byKey, long asOf) {}

  long now() {
    return nanos.getAsLong();
  }

  /** A question to OSS begins; {@link #answered} ends it. */
  synchronized long asking() {
    asking.merge(changes, 1, Integer::sum);
    return changes;
  }

  synchronized void answered(long question) {
    asking.computeIfPresent(question, (number, count) -> count == 1 ? null : count - 1);
    if (asking.isEmpty()) {
      recent.clear();
    } else if (!recent.isEmpty() && asking.firstKey() > question) {
      long oldest = asking.firstKey();
      recent.values().removeIf(change -> change.number <= oldest);
    }
  }

  /** Keeps what OSS said of a path, corrected by what was changed here since the question. */
  synchronized Known learn(long question, String path, Known answer) {
    Known known = corrected(question, path, answer);
    if (question >= forgotten) {
      names.put(path, known);
    }
    return known;
  }

  private Known corrected(long question, String path, Known answer) {
    Change file = recent.get(path);
    Change directory = recent.get(path + "/");
    boolean isFileOld = file == null || file.number <= question;
    boolean isDirectoryOld = directory == null || directory.number <= question;
    return new Known(
        isFileOld ? answer.file : Objects.requireNonNull(file).object,
        isDirectoryOld ? answer.directory : Objects.requireNonNull(directory).present,
        answer.asOf);
  }

  /** The same for a part of a listing: children after {@code after} up to {@code last}. */
  synchronized void correct(
      long question,
      String prefix,
      String after,
      Optional<String> last,
      NavigableMap<String, Optional<ObjectInfo>> children) {
    for (var entry : recent.tailMap(prefix, false).entrySet()) {
      String key = entry.getKey();
      if (!key.startsWith(prefix)
          || last.filter(end -> Keys.ORDER.compare(key, end) > 0).isPresent()) {
        break;
      }
      boolean child = Keys.parent(key).equals(prefix) && Keys.ORDER.compare(key, after) > 0;
      if (!child || entry.getValue().number <= question) {
        continue;
      }
      if (entry.getValue().present) {
        children.put(key, entry.getValue().object);
      } else {
        children.remove(key);
      }
    }
  }

  private void learn(String prefix, Children listing) {
    if (listing.byKey.size() <= MAX_LISTING) {
      TreeMap<String, Optional<ObjectInfo>> copy = new TreeMap<>(Keys.ORDER);
      copy.putAll(listing.byKey);
      listings.put(prefix, new Listing(copy, listing.asOf));
    } else {
      listings.invalidate(prefix);
    }
  }

  /**
   * Keeps a whole listing, unless it is too long or something changed in the directory since {@link
   * #generation}.
   */
  synchronized void learn(String prefix, Children listing, long generation) {
    if (generation(prefix) == generation) {
      learn(prefix, listing);
    }
  }

  /** Grows when something changes in a directory here (and, seldom, when it did in another). */
  synchronized long generation(String prefix) {
    return generations[Math.floorMod(prefix.hashCode(), generations.length)];
  }

  /** What is known of a path, if it is young enough. */
  synchronized Optional<Known> fresh(String path) {
    Known known = names.getIfPresent(path);
    if (known != null && isFresh(known)) {
      return Optional.of(known);
    }
    Listing listing = listings.getIfPresent(Keys.parent(path));
    if (listing == null) {
      return Optional.empty();
    }
    return Optional.of(in(listing, path)).filter(this::isFresh);
  }

  /** What was last known of a path, however long ago. */
  synchronized Optional<Known> latest(String path) {
    Known known = names.getIfPresent(path);
    Listing listing = listings.getIfPresent(Keys.parent(path));
    if (known == null) {
      return Optional.ofNullable(listing).map(of -> in(of, path));
    }
    return Optional.of(known);
  }

  private static Known in(Listing listing, String path) {
    return new Known(
        listing.children.getOrDefault(path, Optional.empty()),
        listing.children.containsKey(path + "/"),
        listing.asOf);
  }

  private boolean isFresh(Known known) {
    return !remaining(known).isNegative() && !remaining(known).isZero();
  }

  /** How much longer this holds. */
  Duration remaining(Known known) {
    Duration timeout =
        known.isNothing() ? options.get().negativeTimeout() : options.get().attributeTimeout();
    return timeout.minusNanos(now() - known.asOf);
  }

  /** Whether there is a whole listing of a directory that is young enough. */
  synchronized boolean isListed(String prefix) {
    return young(prefix) != null;
  }

  private @Nullable Listing young(String prefix) {
    Listing listing = listings.getIfPresent(prefix);
    boolean isYoung =
        listing != null && now() - listing.asOf < options.get().listTimeout().toNanos();
    return isYoung ? listing : null;
  }

  /** The whole listing of a directory, if it is young enough. */
  synchronized Optional<Children> freshListing(String prefix) {
    Listing listing = young(prefix);
    if (listing == null) {
      return Optional.empty();
    }
    TreeMap<String, Optional<ObjectInfo>> copy = new TreeMap<>(Keys.ORDER);
    copy.putAll(listing.children);
    return Optional.of(new Children(copy, listing.asOf));
  }

  /** Whether a directory is known to have a child besides {@code path}. */
  synchronized boolean hasOther(String prefix, String path) {
    Listing listing = young(prefix);
    return listing != null
        && listing.children.keySet().stream()
            .limit(3)
            .anyMatch(key -> !key.equals(path) && !key.equals(path + "/"));
  }

  /**
   * The objects in the listing of a directory, as far as they are known, however long ago it was
   * listed.
   *
   * @param after key before the first of them; "": from the beginning
   */
  List<ObjectInfo> filesAfter(String directory, String after, int most) {
    return childrenAfter(
        directory,
        after,
        most,
        children -> children.map(Map.Entry::getValue).flatMap(Optional::stream));
  }

  /** The same of directories: their keys. */
  List<String> directoriesAfter(String directory, String after, int most) {
    return childrenAfter(
        directory,
        after,
        most,
        children -> children.map(Map.Entry::getKey).filter(Keys::isDirectory));
  }

  private synchronized <T> List<T> childrenAfter(
      String directory,
      String after,
      int most,
      Function<Stream<Map.Entry<String, Optional<ObjectInfo>>>, Stream<T>> which) {
    Listing listing = listings.getIfPresent(directory);
    return listing == null
        ? List.of()
        : which
            .apply(listing.children.tailMap(after, false).entrySet().stream())
            .limit(most)
            .toList();
  }

  /** How many children a directory had when it was last listed, however long ago; -1: unknown. */
  synchronized int lastCount(String prefix) {
    Listing listing = listings.getIfPresent(prefix);
    return listing == null ? -1 : listing.children.size();
  }

  /** An object was written here. */
  synchronized void written(ObjectInfo object) {
    changed(object.key(), true, Optional.of(object));
  }

  /** A directory was made here; {@code empty}: it has no children that another made. */
  synchronized void made(String directory, boolean empty) {
    changed(directory, true, Optional.empty());
    if (empty) {
      listings.put(directory, new Listing(new TreeMap<>(Keys.ORDER), now()));
    }
  }

  /** An object, or an empty directory, was removed here. */
  synchronized void removed(String key) {
    changed(key, false, Optional.empty());
    attributes.invalidate(key);
    listings.invalidate(key);
  }

  /** A directory was moved away with all that is below it. */
  synchronized void removedTree(String directory) {
    removed(directory);
    forgetBelow(directory, names.asMap().keySet());
    forgetBelow(directory, listings.asMap().keySet());
  }

  private static void forgetBelow(String directory, Collection<String> keys) {
    keys.removeIf(key -> key.startsWith(directory));
  }

  /** Nothing is known of a path any more: OSS said something that does not fit. */
  synchronized void forget(String path) {
    names.invalidate(path);
    listings.invalidate(Keys.parent(path));
    attributes.invalidate(path);
  }

  /** Nothing is known any more, not even what OSS is just being asked. */
  synchronized void forgetAll() {
    changes++;
    forgotten = changes;
    for (int i = 0; i < generations.length; i++) {
      generations[i]++;
    }
    names.invalidateAll();
    listings.invalidateAll();
    attributes.invalidateAll();
  }

  private void changed(String key, boolean present, Optional<ObjectInfo> object) {
    changes++;
    generations[Math.floorMod(Keys.parent(key).hashCode(), generations.length)]++;
    if (!asking.isEmpty()) {
      recent.put(key, new Change(changes, present, object));
    }
    boolean directory = Keys.isDirectory(key);
    String path = directory ? key.substring(0, key.length() - 1) : key;
    Known before = fresh(path).orElse(new Known(Optional.empty(), false, now()));
    names.put(
        path,
        directory
            ? new Known(before.file, present, now())
            : new Known(object, before.directory, now()));
    patchListing(key, present, object);
  }

  private void patchListing(String key, boolean present, Optional<ObjectInfo> object) {
    String prefix = Keys.parent(key);
    Listing listing = listings.getIfPresent(prefix);
    if (listing == null) {
      return;
    }
    if (present) {
      listing.children.put(key, object);
    } else {
      listing.children.remove(key);
    }
    if (listing.children.size() > MAX_LISTING) {
      listings.invalidate(prefix);
    } else if (listing.children.size() > 2 * listing.weight) {
      listing.weight = listing.children.size() + 1;
      listings.put(prefix, listing);
    }
  }

  /** Remembers what only a HEAD or the writer knows of an object. */
  void remember(ObjectInfo object, Posix posix) {
    attributes.put(object.key(), new Remembered(object, posix));
  }

  /** What is known of a directory besides that it is there. */
  Optional<Posix> directoryPosix(String directory) {
    return Optional.ofNullable(attributes.getIfPresent(directory)).map(Remembered::posix);
  }

  /** What is known of an object besides what a listing tells. */
  Optional<Posix> posix(ObjectInfo object) {
    if (object.user().isPresent()) {
      return object.user().map(Posix::of);
    }
    Remembered known = attributes.getIfPresent(object.key());
    return Optional.ofNullable(known).filter(of -> isSame(of.of, object)).map(Remembered::posix);
  }

  /**
   * Whether a listing means what was remembered. An object copied onto itself keeps its ETag, but
   * is younger; a writer knows the time of its PUT to the second only.
   */
  private static boolean isSame(ObjectInfo remembered, ObjectInfo listed) {
    Duration younger = Duration.between(remembered.modified(), listed.modified());
    return remembered.version().equals(listed.version())
        && younger.compareTo(Duration.ofSeconds(2)) < 0;
  }
}
