package io.ossmount.cache.fs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ossmount.cache.fs.MetadataCache.Children;
import io.ossmount.cache.fs.MetadataCache.Known;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore;
import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.StoreException;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Asks OSS what paths are, and tells the metadata cache. Thread-safe; every method waits.
 *
 * <p>A path that nothing is known of takes a HEAD of the object and, at the same time, a LIST for a
 * directory. When several paths of one directory are asked for, or it is known to be small, one
 * LIST of the directory answers for all.
 */
final class RemoteNames {
  /** Most entries of a LIST. */
  static final int PAGE = 1000;

  private static final int PROBES_BEFORE_LISTING = 3;
  private static final int MAX_PROBED = 10_000;

  private final ObjectStore store;
  private final MetadataCache metadata;
  private final Executor threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("names-", 0).factory());
  private final ConcurrentHashMap<String, CompletableFuture<Boolean>> listing =
      new ConcurrentHashMap<>();
  private final Cache<String, Integer> probes =
      Caffeine.newBuilder()
          .maximumSize(MAX_PROBED)
          .expireAfterWrite(Duration.ofSeconds(60))
          .build();

  RemoteNames(ObjectStore store, MetadataCache metadata) {
    this.store = store;
    this.metadata = metadata;
  }

  /**
   * A page of a directory.
   *
   * @param children by key
   * @param last the last key that it speaks for; empty: all that follow
   * @param continuation of the next page
   * @param marked whether the directory's own marker object was in it
   */
  record Page(
      NavigableMap<String, Optional<ObjectInfo>> children,
      Optional<String> last,
      Optional<String> continuation,
      boolean marked) {}

  /** What a path is now. */
  Known ask(String path) {
    String directory = Keys.parent(path);
    if (isWorthListing(directory) && list(directory)) {
      Optional<Known> known = metadata.fresh(path);
      if (known.isPresent()) {
        return known.get();
      }
    }
    return probe(path);
  }

  private boolean isWorthListing(String directory) {
    int count = metadata.lastCount(directory);
    if (count >= 0) {
      return count <= PAGE;
    }
    Integer before = probes.getIfPresent(directory);
    int probed = before == null ? 1 : Math.min(before, Integer.MAX_VALUE - 1) + 1;
    probes.put(directory, probed);
    return probed == PROBES_BEFORE_LISTING;
  }

  /** Lists a directory if one page is enough; false when not. One at a time for a directory. */
  private boolean list(String directory) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> other = listing.putIfAbsent(directory, mine);
    if (other != null) {
      return await(other);
    }
    try {
      long asOf = metadata.now();
      long generation = metadata.generation(directory);
      Page page = page(directory, "", Optional.empty());
      boolean whole = page.continuation.isEmpty();
      if (whole) {
        metadata.learn(directory, new Children(page.children, asOf), generation);
      }
      mine.complete(whole);
      return whole;
    } catch (RuntimeException e) {
      mine.complete(false);
      throw e;
    } finally {
      listing.remove(directory, mine);
    }
  }

  private static boolean await(CompletableFuture<Boolean> other) {
    try {
      return other.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Interrupted("waiting for a listing");
    } catch (java.util.concurrent.ExecutionException e) {
      return false;
    }
  }

  /** Asks for one path by itself: also for what listings do not tell. */
  Known probe(String path) {
    long question = metadata.asking();
    try {
      long asOf = metadata.now();
      CompletableFuture<ListPage> below =
          CompletableFuture.supplyAsync(
              () -> store.list(path + "/", false, Optional.empty(), 1), threads);
      Optional<ObjectInfo> file = store.head(path);
      ListPage inside = join(below);
      boolean directory = !inside.objects().isEmpty();
      if (directory && inside.objects().getFirst().key().equals(path + "/")) {
        learnMarker(inside.objects().getFirst());
      }
      file.ifPresent(this::remember);
      return metadata.learn(question, path, new Known(file, directory, asOf));
    } finally {
      metadata.answered(question);
    }
  }

  private void learnMarker(ObjectInfo marker) {
    if (metadata.posix(marker).isEmpty()) {
      store.head(marker.key()).ifPresent(this::remember);
    }
  }

  private void remember(ObjectInfo object) {
    object.user().ifPresent(user -> metadata.remember(object, Posix.of(user)));
  }

  /** What OSS has at a key now, with its user metadata; the metadata cache learns of it. */
  Optional<ObjectInfo> head(String key) {
    Optional<ObjectInfo> object = store.head(key);
    object.ifPresent(this::remember);
    return object;
  }

  /** A page of a directory, corrected by what was changed here meanwhile. */
  Page page(String directory, String after, Optional<String> continuation) {
    return page(directory, directory, after, continuation);
  }

  /** A page of those children of a directory whose keys begin with {@code start}. */
  Page page(String start, String prefix, String after, Optional<String> continuation) {
    long question = metadata.asking();
    try {
      ListPage page = store.list(start, true, continuation, PAGE);
      NavigableMap<String, Optional<ObjectInfo>> children = new TreeMap<>(Keys.ORDER);
      page.directories().forEach(key -> children.put(key, Optional.empty()));
      page.objects().forEach(object -> children.put(object.key(), Optional.of(object)));
      boolean marked = children.remove(prefix) != null;
      Optional<String> last =
          page.continuation().isEmpty() || children.isEmpty()
              ? Optional.empty()
              : Optional.of(children.lastKey());
      metadata.correct(question, prefix, after, last, children);
      children.keySet().removeIf(key -> !key.startsWith(start));
      return new Page(children, last, page.continuation(), marked);
    } finally {
      metadata.answered(question);
    }
  }

  /** Whether there is anything below a directory. */
  boolean isDirectory(String directory) {
    return !store.list(directory, false, Optional.empty(), 1).objects().isEmpty();
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
