package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The inodes of a tree that are in use, by key; at most one of each. Thread-safe: its monitor is
 * the lock "the tree", see {@link MountTree}. Nothing waits.
 */
final class LiveInodes {
  private final MountTree tree;
  private final Instant started;
  private final TreeMap<String, Inode> live = new TreeMap<>(Keys.ORDER);
  private final TreeMap<String, FileInode> newFiles = new TreeMap<>(Keys.ORDER);

  /** Inodes that somebody has a reference of, also those without a name. */
  private int used;

  private Runnable whenUnused = () -> {};

  /** Of {@code tree}, whose directories are as old as it when OSS does not say it. */
  LiveInodes(MountTree tree, Instant started) {
    this.tree = tree;
    this.started = started;
  }

  /** The inode of an object; references it. */
  synchronized FileInode file(ObjectInfo object, Optional<Posix> posix, long asOf) {
    Inode there = live.get(object.key());
    if (there instanceof FileInode file && file.accepts(object, posix, asOf)) {
      return referenced(file);
    }
    if (there != null) {
      there.detach();
    }
    FileInode file = new FileInode(tree, object, posix, asOf);
    live.put(object.key(), file);
    return referenced(file);
  }

  /** The inode of a file that was changed here and not uploaded yet, if there is one. */
  synchronized Optional<FileInode> localFile(String key) {
    return live.get(key) instanceof FileInode file && file.isLocal()
        ? Optional.of(referenced(file))
        : Optional.empty();
  }

  /** The inode in use of a key, without a reference of its own. */
  synchronized Optional<Inode> peek(String key) {
    return Optional.ofNullable(live.get(key));
  }

  /** The inode of a directory; references it. */
  synchronized DirectoryInode directory(String key, Posix posix) {
    if (live.get(key) instanceof DirectoryInode directory) {
      return referenced(directory);
    }
    DirectoryInode directory = new DirectoryInode(tree, key, posix, started);
    live.put(key, directory);
    return referenced(directory);
  }

  /**
   * An inode that an earlier process had in use; referenced. If its name means the same already,
   * that one.
   */
  synchronized Inode restore(Inode restored, boolean isDetached) {
    Inode there = isDetached ? null : live.putIfAbsent(restored.key(), restored);
    if (there != null && there.isSameAs(restored)) {
      return referenced(there);
    }
    if (isDetached || there != null) {
      restored.detach();
    } else {
      rememberNew(restored);
    }
    return referenced(restored);
  }

  /**
   * A file whose written bytes an earlier process left is claimed by a session that had it in use;
   * referenced. It has the name, unless that went away here or there.
   */
  synchronized FileInode restore(FileInode left, boolean isDetached) {
    if (isDetached && !left.isDetached()) {
      detach(left);
    }
    Inode there = live.get(left.key());
    if (left.isDetached() || there == left) {
      return referenced(left);
    }
    if (!left.isLocal() && there instanceof FileInode file && file.isSameAs(left)) {
      return referenced(file);
    }
    if (!left.isLocal() && there != null) {
      // Nothing was written to it that the name could miss.
      detach(left);
      return referenced(left);
    }
    return add(left);
  }

  /** Puts in a new inode, and references it. */
  synchronized <T extends Inode> T add(T inode) {
    Inode there = live.put(inode.key(), inode);
    if (there != null) {
      there.detach();
    }
    rememberNew(inode);
    return referenced(inode);
  }

  private <T extends Inode> T referenced(T inode) {
    if (inode.reference(1) == 1) {
      used++;
    }
    return inode;
  }

  private void rememberNew(Inode inode) {
    if (inode instanceof FileInode file && file.isNew()) {
      newFiles.put(file.key(), file);
    }
  }

  /** One more use of an inode. */
  synchronized void retain(Inode inode) {
    referenced(inode);
  }

  /** One use less; who is not used any more is forgotten. */
  void release(Inode inode) {
    Runnable end;
    synchronized (this) {
      if (inode.reference(-1) > 0) {
        return;
      }
      used--;
      live.remove(inode.key(), inode);
      end = used == 0 ? whenUnused : () -> {};
    }
    end.run();
  }

  /** Whether nobody uses any. */
  synchronized boolean isUnused() {
    return used == 0;
  }

  /** Calls {@code end}, which does not wait, each time when the last one is given back. */
  synchronized void whenUnused(Runnable end) {
    whenUnused = end;
  }

  /** The name of an inode is gone, or means another. */
  synchronized void detach(Inode inode) {
    inode.detach();
    live.remove(inode.key(), inode);
  }

  /** Inodes change their keys: that of {@code from}, and all below if it is a directory. */
  synchronized void move(String from, String to) {
    List<Inode> moved = at(from);
    at(to).forEach(this::detach);
    move(moved, from, to);
  }

  /**
   * The same when an earlier process was killed amid it: what has its new name already stays, and
   * loses it only to what is moved now.
   */
  synchronized void moveRest(String from, String to) {
    List<Inode> moved = at(from);
    for (Inode inode : moved) {
      peek(to + inode.key().substring(from.length())).ifPresent(this::detach);
    }
    move(moved, from, to);
  }

  private void move(List<Inode> moved, String from, String to) {
    for (Inode inode : moved) {
      live.remove(inode.key(), inode);
      newFiles.remove(inode.key());
      inode.move(to + inode.key().substring(from.length()));
      live.put(inode.key(), inode);
      rememberNew(inode);
    }
  }

  /** Inodes in use of a key, and of all below it if it is a directory. */
  synchronized List<Inode> at(String key) {
    List<Inode> found = new ArrayList<>();
    if (!Keys.isDirectory(key)) {
      peek(key).ifPresent(found::add);
      return found;
    }
    for (Inode inode : live.tailMap(key, true).values()) {
      if (!inode.key().startsWith(key)) {
        break;
      }
      found.add(inode);
    }
    return found;
  }

  /** New files of a directory that OSS does not have: those of a part of a listing. */
  synchronized List<FileInode> newFiles(String prefix, String after, Optional<String> last) {
    newFiles.values().removeIf(file -> file.isDetached() || !file.isNew());
    String from = Keys.ORDER.compare(prefix, after) > 0 ? prefix : after;
    return newFiles.tailMap(from, false).values().stream()
        .takeWhile(file -> file.key().startsWith(prefix))
        .filter(file -> Keys.isChild(file.key(), prefix, from, last))
        .toList();
  }

  /** All files in use that were changed here and not uploaded yet. */
  synchronized List<FileInode> localFiles() {
    return files().filter(FileInode::isLocal).toList();
  }

  private Stream<FileInode> files() {
    return live.values().stream().filter(FileInode.class::isInstance).map(FileInode.class::cast);
  }
}
