package io.ossmount.cache.fs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ossmount.cache.store.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists directories before they are read. Thread-safe; {@link #opened} never waits.
 *
 * <p>Who reads the directories of a directory in the order of its listing, as {@code ls -R}, {@code
 * find} and {@code cp -r} do, has the next ones listed, several at a time; of one that was
 * expected, also its own first ones. Directories that are too long to be kept are left to those who
 * read them.
 */
final class ListingsAhead implements AutoCloseable {
  private static final int MOST_EXPECTED = 32;
  private static final int PARALLEL = 8;
  private static final int MOST_WALKS = 1000;
  private static final Duration FORGET = Duration.ofMinutes(2);
  private static final Logger LOG = LoggerFactory.getLogger(ListingsAhead.class);

  private final MountTree tree;
  private final Semaphore lists = new Semaphore(PARALLEL);
  private final Map<String, Ahead> underWay = new ConcurrentHashMap<>();

  /** Those of {@link #underWay} that somebody reads already. */
  private final Set<String> expected = ConcurrentHashMap.newKeySet();

  private final Cache<String, Sequence<String>> walks =
      Caffeine.newBuilder().maximumSize(MOST_WALKS).expireAfterAccess(FORGET).build();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("list-ahead-", 0).factory());

  ListingsAhead(MountTree tree) {
    this.tree = tree;
  }

  /** A listing: until it has begun it waits for its turn, and whoever begins it first ends it. */
  private static final class Ahead {
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch end = new CountDownLatch(1);

    /** Whether the caller is the one. */
    boolean begin() {
      return begun.compareAndSet(false, true);
    }
  }

  /** A directory is read from its beginning. */
  void opened(String directory) {
    if (directory.isEmpty()) {
      return;
    }
    Sequence.Step<String> step = walk(Keys.parent(directory)).used(directory);
    step.next().forEach(this::list);
    if (step.isExpected()) {
      expected.add(directory);
      if (!underWay.containsKey(directory)) {
        listFirst(directory);
      }
    }
  }

  /** The first ones of a directory that was expected, once it is known which they are. */
  private void listFirst(String directory) {
    if (expected.remove(directory)) {
      walk(directory).begin().forEach(this::list);
    }
  }

  /**
   * Reads a directory, for somebody who waits. A listing that has begun is waited for before that;
   * of one that has not, this takes the place: those ahead of it may take minutes.
   *
   * @param lines reads from what is known, else from OSS
   * @throws StoreException.Interrupted this thread was interrupted
   */
  <T> T read(String directory, Supplier<T> lines) {
    Ahead ahead = underWay.get(directory);
    if (ahead == null) {
      return lines.get();
    }
    if (ahead.begin()) {
      try {
        return lines.get();
      } finally {
        ended(directory, ahead);
      }
    }
    try {
      ahead.end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Interrupted("listing " + directory);
    }
    return lines.get();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private Sequence<String> walk(String directory) {
    return walks.get(
        directory,
        absent ->
            new Sequence<>(
                MOST_EXPECTED,
                (after, most) -> tree.metadata().directoriesAfter(absent, after, most),
                Function.identity()));
  }

  private void list(String directory) {
    if (tree.metadata().isListed(directory)) {
      return;
    }
    Ahead ahead = new Ahead();
    if (underWay.putIfAbsent(directory, ahead) != null) {
      return;
    }
    try {
      threads.execute(() -> listInTurn(directory, ahead));
    } catch (RejectedExecutionException closed) {
      giveUp(directory, ahead);
    }
  }

  private void listInTurn(String directory, Ahead ahead) {
    try {
      lists.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUp(directory, ahead);
      return;
    }
    try {
      if (ahead.begin()) {
        listNow(directory, ahead);
      }
    } finally {
      lists.release();
    }
  }

  private void listNow(String directory, Ahead ahead) {
    try {
      new DirectoryStream(tree, directory).readWhole();
    } catch (StoreException e) {
      LOG.debug("{} is not listed ahead: {}", directory, e.getMessage());
    } finally {
      ended(directory, ahead);
    }
  }

  private void giveUp(String directory, Ahead ahead) {
    if (ahead.begin()) {
      ended(directory, ahead);
    }
  }

  private void ended(String directory, Ahead ahead) {
    underWay.remove(directory, ahead);
    ahead.end.countDown();
    listFirst(directory);
  }
}
