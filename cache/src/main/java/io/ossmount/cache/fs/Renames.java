package io.ossmount.cache.fs;

import io.ossmount.cache.fs.MetadataCache.Known;
import io.ossmount.cache.store.ObjectInfo;
import io.ossmount.cache.store.ObjectStore.ListPage;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FuseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * Renaming, which OSS does not have: the objects are copied inside the bucket and the old ones are
 * then deleted. Thread-safe; methods wait.
 *
 * <p><b>What a crash leaves.</b> Of a file: for a moment the object is there under both names, and
 * a crash then leaves both, whole. Of a directory: all objects are copied first, {@value #PARALLEL}
 * at a time, and deleted after that. A crash while it copies leaves the old directory whole and a
 * part of it under the new name; a crash while it deletes leaves the new directory whole and a part
 * of the old one. Above {@value #CHUNK} objects that holds for each so many of them. No object is
 * ever missing under both names. An error, other than a crash, takes back what was copied.
 *
 * <p>Others may see the states in between. A program that relies on rename being atomic between
 * nodes must not rely on this one.
 */
final class Renames {
  private static final Logger LOG = LoggerFactory.getLogger(Renames.class);
  private static final int PARALLEL = 16;
  private static final int CHUNK = 100_000;
  private static final int PAGE = 1000;

  private final MountTree tree;
  private final Semaphore permits = new Semaphore(PARALLEL);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rename-", 0).factory());

  Renames(MountTree tree) {
    this.tree = tree;
  }

  /** Renames a file or directory to {@code parent/segment}. */
  void rename(Inode inode, DirectoryInode parent, String segment, boolean noReplace) {
    while (!tryRename(inode, parent, segment, noReplace)) {
      Thread.onSpinWait();
    }
  }

  /** False: somebody renamed one of them meanwhile. */
  private boolean tryRename(Inode inode, DirectoryInode parent, String segment, boolean noReplace) {
    String from = inode.key();
    String path = parent.key() + segment;
    String to = Keys.isDirectory(from) ? path + "/" : path;
    try (var _ = tree.locks().lock(from, to)) {
      if (!inode.key().equals(from) || !(parent.key() + segment).equals(path)) {
        return false;
      }
      if (inode.isDetached() || parent.isDetached()) {
        throw new FuseException(Errno.ENOENT);
      }
      if (from.equals(to)) {
        return true;
      }
      NameChanges.requireKey(to);
      requireTarget(inode, from, to, path, noReplace);
      switch (inode) {
        case FileInode file -> renameFile(file, from, to);
        case DirectoryInode _ -> renameDirectory(from, to);
      }
      return true;
    }
  }

  private void requireTarget(Inode inode, String from, String to, String path, boolean noReplace) {
    // Not what is known but what is: it may be meant as a lock.
    boolean taken =
        noReplace && (tree.changes().isNewFile(path) || !tree.remote().probe(path).isNothing());
    if (taken) {
      throw new FuseException(Errno.EEXIST);
    }
    boolean directory = inode instanceof DirectoryInode;
    if (directory && to.startsWith(from)) {
      throw new FuseException(Errno.EINVAL);
    }
    Known target = tree.changes().known(path);
    if (directory) {
      boolean file = target.file().isPresent() || tree.changes().isNewFile(path);
      if (file && !target.directory()) {
        throw new FuseException(Errno.ENOTDIR);
      }
      tree.changes().requireEmpty(to);
    } else if (target.directory()) {
      throw new FuseException(Errno.EISDIR);
    }
  }

  private void renameFile(FileInode file, String from, String to) {
    Optional<FileInode> target =
        tree.peek(to).filter(FileInode.class::isInstance).map(FileInode.class::cast);
    // Those who have the target open go on with what it was.
    target.ifPresent(tree.changes()::keepForReaders);
    if (file.isNew()) {
      renameNew(file, from, to);
    } else {
      renameOld(file, from, to);
    }
    target.ifPresent(tree.changes()::forgetBytes);
  }

  private void renameOld(FileInode file, String from, String to) {
    tree.uploads().flushLocked(file);
    ObjectVersion version;
    Posix posix;
    boolean known;
    synchronized (file) {
      version = Objects.requireNonNull(file.version);
      posix = file.posix;
      known = file.posixKnown;
    }
    ObjectInfo copy = copy(file, version, to, posix);
    tree.changes().keepDirectory(from);
    tree.store().delete(from);
    if (known) {
      tree.metadata().remember(copy, posix);
    }
    tree.metadata().written(copy);
    tree.metadata().removed(from);
    tree.move(from, to);
    file.replaceVersion(tree.blocks(), copy, tree.metadata().now());
    tree.dropBytes(version);
  }

  private ObjectInfo copy(FileInode file, ObjectVersion version, String to, Posix posix) {
    try {
      if (file.type() == Attributes.SYMLINK) {
        String target = Symlinks.target(tree.store(), version);
        return Symlinks.put(tree.store(), to, target, posix);
      }
      return tree.store().copy(version, to, Optional.empty());
    } catch (StoreException.NotFound | StoreException.VersionChanged e) {
      // The kernel looks the name up again, and then asks once more, or says that it is gone.
      tree.metadata().forget(version.key());
      throw new FuseException(Errno.ESTALE, String.valueOf(e.getMessage()));
    }
  }

  /** A file that OSS has never had goes up under its new name. */
  private void renameNew(FileInode file, String from, String to) {
    synchronized (file) {
      tree.contents().abandonStream(file);
    }
    tree.metadata().removed(from);
    tree.move(from, to);
    try {
      tree.uploads().flushLocked(file);
    } catch (RuntimeException e) {
      tree.move(to, from);
      throw e;
    }
  }

  private void renameDirectory(String from, String to) {
    for (Inode inode : tree.at(from)) {
      if (inode instanceof FileInode file) {
        tree.uploads().flushLocked(file);
      } else {
        tree.uploads().attributes().saveLocked(inode);
      }
    }
    tree.changes().keepDirectory(from);
    Map<String, ObjectInfo> inUse = new HashMap<>();
    Set<String> wanted = new HashSet<>();
    tree.at(from).forEach(inode -> wanted.add(inode.key()));
    boolean more = true;
    while (more) {
      List<String> copied = new ArrayList<>();
      more = copyChunk(from, to, copied, wanted, inUse);
      deleteAll(copied);
    }
    tree.metadata().removedTree(from);
    tree.metadata().removedTree(to);
    tree.metadata().made(to, false);
    tree.move(from, to);
    for (Inode inode : tree.at(to)) {
      ObjectInfo copy = inUse.get(inode.key());
      if (inode instanceof FileInode file && copy != null) {
        file.replaceVersion(tree.blocks(), copy, tree.metadata().now());
      }
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
      List<String> copied,
      Set<String> wanted,
      Map<String, ObjectInfo> inUse) {
    Optional<String> continuation = Optional.empty();
    try {
      do {
        ListPage page = tree.store().list(from, false, continuation, PAGE);
        for (ObjectInfo copy : copyAll(page.objects(), from, to, copied)) {
          if (wanted.contains(from + copy.key().substring(to.length()))) {
            inUse.put(copy.key(), copy);
          }
        }
        continuation = page.continuation();
      } while (continuation.isPresent() && copied.size() < CHUNK);
      return continuation.isPresent();
    } catch (RuntimeException e) {
      takeBack(
          copied.stream()
              .map(key -> to + key.substring(from.length()))
              .filter(key -> !key.equals(to))
              .toList());
      throw e;
    }
  }

  private List<ObjectInfo> copyAll(
      List<ObjectInfo> objects, String from, String to, List<String> copied) {
    List<CompletableFuture<ObjectInfo>> copies = new ArrayList<>();
    for (ObjectInfo object : objects) {
      String target = to + object.key().substring(from.length());
      permits.acquireUninterruptibly();
      copied.add(object.key());
      copies.add(
          CompletableFuture.supplyAsync(() -> copyOne(object, target), threads)
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

  private ObjectInfo copyOne(ObjectInfo object, String target) {
    Optional<Posix> posix = tree.metadata().posix(object);
    ObjectInfo copy;
    if (Symlinks.isCandidate(object) && isLink(object)) {
      Posix link = tree.metadata().posix(object).orElseThrow();
      String to = Symlinks.target(tree.store(), object.version());
      copy = Symlinks.put(tree.store(), target, to, link);
    } else {
      copy = tree.store().copy(object.version(), target, Optional.empty());
    }
    posix.ifPresent(known -> tree.metadata().remember(copy, known));
    return copy;
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
