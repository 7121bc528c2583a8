package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Attributes;
import java.util.ArrayList;
import java.util.HashMap;
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
   * All that is below a directory.
   *
   * @param from the key of the directory, with its slash, as is {@code to}
   * @param goesOn whether a killed server has begun it
   */
  record Move(String from, String to, boolean goesOn) {
    /** What something below the directory is called then. */
    String target(String key) {
      return to + key.substring(from.length());
    }
  }

  /**
   * Moves all that is below a directory.
   *
   * @param inUse keys of inodes in use
   * @return what became of those, by the new key
   */
  Map<String, ObjectInfo> move(Move move, Set<String> inUse) {
    Map<String, ObjectInfo> copies = new HashMap<>();
    boolean more = true;
    while (more) {
      List<String> copied = new ArrayList<>();
      more = copyChunk(move, copied, inUse, copies);
      deleteAll(copied);
    }
    return copies;
  }

  /**
   * Copies up to {@link #CHUNK} objects.
   *
   * @param copied gets the keys of those that were copied
   * @param copies gets what became of those in use
   * @return whether there are more
   */
  private boolean copyChunk(
      Move move, List<String> copied, Set<String> inUse, Map<String, ObjectInfo> copies) {
    Optional<String> continuation = Optional.empty();
    try {
      do {
        ListPage page = tree.store().list(move.from, false, continuation, PAGE);
        copyPage(move, page.objects(), copied)
            .forEach((key, copy) -> {
              if (inUse.contains(key)) {
                copies.put(copy.key(), copy);
              }
            });
        continuation = page.continuation();
      } while (continuation.isPresent() && copied.size() < CHUNK);
      return continuation.isPresent();
    } catch (RuntimeException e) {
      if (!move.goesOn) {
        takeBack(
            copied.stream().map(move::target).filter(target -> !target.equals(move.to)).toList());
      }
      throw e;
    }
  }

  /** The copies, by the key of what they are of. */
  private Map<String, ObjectInfo> copyPage(
      Move move, List<ObjectInfo> objects, List<String> copied) {
    Map<String, CompletableFuture<ObjectInfo>> copies = new HashMap<>();
    for (ObjectInfo object : objects) {
      permits.acquireUninterruptibly();
      copied.add(object.key());
      copies.put(
          object.key(),
          CompletableFuture.supplyAsync(() -> copyOrFind(move, object), threads)
              .whenComplete((copy, failure) -> permits.release()));
    }
    try {
      CompletableFuture.allOf(copies.values().toArray(CompletableFuture<?>[]::new)).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
    Map<String, ObjectInfo> made = new HashMap<>();
    copies.forEach((key, copy) -> made.put(key, copy.join()));
    return made;
  }

  private ObjectInfo copyOrFind(Move move, ObjectInfo object) {
    Optional<Posix> posix = tree.metadata().posix(object);
    String target = move.target(object.key());
    ObjectInfo there;
    try {
      there = copy(object, target);
    } catch (StoreException.NotFound e) {
      there = found(move, object, target).orElseThrow(() -> e);
    }
    ObjectInfo copy = there;
    posix.ifPresent(known -> tree.metadata().remember(copy, known));
    return copy;
  }

  /** The copy that the killed server has made. */
  private Optional<ObjectInfo> found(Move move, ObjectInfo object, String target) {
    return move.goesOn
        ? tree.remote().head(target).filter(found -> found.size() == object.size())
        : Optional.empty();
  }

  private ObjectInfo copy(ObjectInfo object, String target) {
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
