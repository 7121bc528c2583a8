package io.ossmount.cache.fs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.ossmount.cache.block.AheadBudget;
import io.ossmount.cache.block.BlockCache.CachedObject;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches small files before they are opened. Thread-safe; {@link #opened} never waits.
 *
 * <p>Who opens the files of a directory in the order of its listing, as data loaders do, has the
 * next ones fetched: the more, the longer that goes on, and none after a file that was not
 * expected. Who opens them in any order has all of them fetched, when the whole directory is small.
 * Needs a listing that is kept, see {@link MetadataCache#MAX_LISTING}; reads are never made to
 * wait. What is fetched is also made ready to be opened without waiting.
 */
final class FilesAhead implements AutoCloseable {
  /** Larger files are fetched by {@code block.ReadAhead} when they are read. */
  static final long MOST_FILE_BYTES = 4 << 20;

  /** Files that are expected in a row. */
  private static final int MOST_EXPECTED = 128;

  /** So many files of one small directory call for the others. */
  private static final int OFTEN = 8;

  private static final int PARALLEL = 24;
  private static final int MOST_WALKS = 1000;
  private static final Duration FORGET = Duration.ofMinutes(2);
  private static final Logger LOG = LoggerFactory.getLogger(FilesAhead.class);

  private final MountTree tree;
  private final AheadBudget budget;
  private final Semaphore gets = new Semaphore(PARALLEL);
  private final Cache<String, Walk> walks =
      Caffeine.newBuilder().maximumSize(MOST_WALKS).expireAfterAccess(FORGET).build();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ahead-", 0).factory());

  FilesAhead(MountTree tree) {
    this.tree = tree;
    this.budget = tree.blocks().ahead();
  }

  /** How those who will open files want to find them. */
  interface Openings {
    /** Whether a version can be opened at once. Never waits. */
    boolean isReady(StoredVersion version);

    /** Makes it so, as far as its bytes are here. Waits. */
    void makeReady(StoredVersion version);
  }

  /** A file is opened to be read, by one of {@code openings}. */
  void opened(String key, Openings openings) {
    Walk walk = walks.get(Keys.parent(key), Walk::new);
    for (ObjectInfo next : walk.opened(key)) {
      if (!fetch(next.version(), openings)) {
        return;
      }
    }
  }

  /** Files that were fetched, in all trees of the mount. */
  long fetched() {
    return tree.shared().filesAhead().sum();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private StoredVersion stored(ObjectVersion version) {
    return new StoredVersion(tree.blocks(), version);
  }

  /** False: no more for now. */
  private boolean fetch(ObjectVersion version, Openings openings) {
    if (version.size() == 0
        || version.size() > MOST_FILE_BYTES
        || openings.isReady(stored(version))) {
      return true;
    }
    if (!budget.tryTake(version.size())) {
      return false;
    }
    try {
      threads.execute(() -> fetchNow(version, openings));
      return true;
    } catch (RejectedExecutionException closed) {
      budget.giveBack(version.size());
      return false;
    }
  }

  private void fetchNow(ObjectVersion version, Openings openings) {
    try {
      gets.acquire();
      try (CachedObject object = tree.blocks().open(version)) {
        object.fetchAll();
        tree.shared().filesAhead().increment();
        openings.makeReady(stored(version));
      } finally {
        gets.release();
      }
    } catch (StoreException | IllegalStateException e) {
      LOG.debug("{} is not fetched ahead: {}", version.key(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      budget.giveBack(version.size());
    }
  }

  /** How the files of one directory are opened. */
  private final class Walk {
    private final String directory;
    private final Sequence<ObjectInfo> sequence;

    @GuardedBy("this")
    private final Set<String> distinct = new HashSet<>();

    @GuardedBy("this")
    private boolean whole;

    Walk(String directory) {
      this.directory = directory;
      this.sequence = new Sequence<>(MOST_EXPECTED, this::after, ObjectInfo::key);
    }

    private List<ObjectInfo> after(String key, int most) {
      return tree.metadata().filesAfter(directory, key, most);
    }

    /** Takes note of an open; what is to be fetched. */
    List<ObjectInfo> opened(String key) {
      Sequence.Step<ObjectInfo> step = sequence.used(key);
      return step.isExpected() ? step.next() : all(key);
    }

    /** All files of the directory, if it is small and they are opened in no order. */
    private synchronized List<ObjectInfo> all(String key) {
      if (whole) {
        return List.of();
      }
      distinct.add(key);
      if (distinct.size() < OFTEN) {
        return List.of();
      }
      distinct.clear();
      whole = true;
      List<ObjectInfo> files = after("", MetadataCache.MAX_LISTING);
      long bytes = files.stream().mapToLong(ObjectInfo::size).sum();
      return bytes <= budget.mostBytes() && files.size() <= OFTEN * 500L ? files : List.of();
    }
  }
}
