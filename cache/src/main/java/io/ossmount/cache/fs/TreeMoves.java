package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies all objects below a directory to another one and deletes them there, for {@link Renames}.
 * Thread-safe; waits. Done again, it goes on with what is left: a source that is gone then, as the
 * killed server has deleted it late, has its copy.
 */
final class TreeMoves {
  private static final Logger LOG = LoggerFactory.getLogger(TreeMoves.class);

  /** Copies at once, of all renames. */
  static final int PARALLEL = 16;

  /** So many are copied before the first is deleted. */
  static final int CHUNK = 100_000;

  private static final int PAGE = 1000;

  private final MountTree tree;
  private final Semaphore permits = new Semaphore(PARALLEL);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rename-", 0).factory());

  TreeMoves(MountTree tree) {
    this.tree = tree;
  }

  /**
   * Moves all that is below {@code from}.
   *
   * @param goesOn whether a killed server has begun it
   * @param wanted keys of inodes in use; what became of them goes into {@code inUse}, by its new
   *     key
   */
  void move(
      String from, String to, boolean goesOn, Set<String> wanted, Map<String, ObjectInfo> inUse) {
    boolean more = true;
    while (more) {
      List<String> copied = new ArrayList<>();
      more = copyChunk(from, to, goesOn, copied, wanted, inUse);
      deleteAll(copied);
    }
  }

  /**
   * Copies up to {@link #CHUNK} objects.
   *
   * @param copied gets the keys of those that were copied
   * @param wanted keys of inodes in use; what became of them goes into {@code inUse}
   * @return whether there are more
   */
  private boolean copyChunk(
      String from,
      String to,
      boolean goesOn,
      List<String> copied,
      Set<String> wanted,
      Map<String, ObjectInfo> inUse) {
    Optional<String> continuation = Optional.empty();
    try {
      do {
        ListPage page = tree.store().list(from, false, continuation, PAGE);
        for (ObjectInfo copy : copyAll(page.objects(), from, to, goesOn, copied)) {
          if (wanted.contains(from + copy.key().substring(to.length()))) {
            inUse.put(copy.key(), copy);
          }
        }
        continuation = page.continuation();
      } while (continuation.isPresent() && copied.size() < CHUNK);
      return continuation.isPresent();
    } catch (RuntimeException e) {
      if (!goesOn) {
        takeBack(
            copied.stream()
                .map(key -> to + key.substring(from.length()))
                .filter(key -> !key.equals(to))
                .toList());
      }
      throw e;
    }
  }

  private List<ObjectInfo> copyAll(
      List<ObjectInfo> objects, String from, String to, boolean goesOn, List<String> copied) {
    List<CompletableFuture<ObjectInfo>> copies = new ArrayList<>();
    for (ObjectInfo object : objects) {
      String target = to + object.key().substring(from.length());
      permits.acquireUninterruptibly();
      copied.add(object.key());
      copies.add(
          CompletableFuture.supplyAsync(() -> copyOne(object, target, goesOn), threads)
              .whenComplete((copy, failure) -> permits.release()));
    }
    try {
      CompletableFuture.allOf(copies.toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
    return copies.stream().map(CompletableFuture::join).toList();
  }

  private ObjectInfo copyOne(ObjectInfo object, String target, boolean goesOn) {
    Optional<Posix> posix = tree.metadata().posix(object);
    ObjectInfo copy;
    try {
      copy = copyOne(object, target);
    } catch (StoreException.NotFound e) {
      Optional<ObjectInfo> there = goesOn ? tree.remote().head(target) : Optional.empty();
      copy = there.filter(found -> found.size() == object.size()).orElseThrow(() -> e);
    }
    ObjectInfo made = copy;
    posix.ifPresent(known -> tree.metadata().remember(made, known));
    return copy;
  }

  private ObjectInfo copyOne(ObjectInfo object, String target) {
    if (Symlinks.isCandidate(object) && isLink(object)) {
      Posix link = tree.metadata().posix(object).orElseThrow();
      String to = Symlinks.target(tree.store(), object.version());
      return Symlinks.put(tree.store(), target, to, link);
    }
    return tree.store().copy(object.version(), target, Optional.empty());
  }

  private boolean isLink(ObjectInfo object) {
    Optional<Posix> posix =
        tree.metadata()
            .posix(object)
            .or(() -> tree.remote().head(object.key()).flatMap(tree.metadata()::posix));
    int mode = posix.orElse(Posix.NOTHING).mode().orElse(0);
    return (mode & Attributes.TYPE_MASK) == Attributes.SYMLINK;
  }

  private void deleteAll(List<String> keys) {
    for (int at = 0; at < keys.size(); at += PAGE) {
      tree.store().deleteAll(keys.subList(at, Math.min(keys.size(), at + PAGE)));
    }
  }

  private void takeBack(List<String> keys) {
    try {
      deleteAll(keys);
    } catch (StoreException e) {
      LOG.warn("A rename that failed leaves copies behind: {}", e.getMessage());
    }
  }
}
