package io.ossmount.cache.fs;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * What the trees of one mount share: its sessions, which see all of them, where they are, and what
 * is counted. Thread-safe; nothing waits.
 */
final class MountShared {
  private final Set<SessionFileSystem> sessions = ConcurrentHashMap.newKeySet();
  private final Map<Long, MountTree> trees = new ConcurrentHashMap<>();
  private final OpenCounter opens = new OpenCounter();
  private final UploadCounter uploads = new UploadCounter();
  private final LongAdder filesAhead = new LongAdder();
  private volatile MountTable mounts = MountTable.EMPTY;
  private volatile Supplier<PendingWrites> pendingElsewhere = () -> PendingWrites.NONE;

  void begun(MountTree tree) {
    trees.put(tree.id(), tree);
  }

  void ended(MountTree tree) {
    trees.remove(tree.id(), tree);
  }

  /** The tree of an id, also one whose names are gone but which is still in use. */
  Optional<MountTree> tree(long id) {
    return Optional.ofNullable(trees.get(id));
  }

  /** All trees: the mount's own, the nested ones, and those that are still in use. */
  Collection<MountTree> trees() {
    return trees.values();
  }

  /** Which trees are where. */
  MountTable mounts() {
    return mounts;
  }

  /** Others are where from now on; the kernels forget what they know of names. */
  synchronized void graft(MountTable changed) {
    MountTable before = mounts;
    List<DirectoryInode> others = changed.differences(before);
    before.trees().forEach(tree -> tree.removed(!changed.trees().contains(tree)));
    changed.trees().forEach(tree -> tree.removed(false));
    mounts = changed;
    for (DirectoryInode directory : others) {
      directory.childrenChanged(directory.tree().now());
      sessions.forEach(session -> session.inodeChanged(directory));
    }
    if (!changed.saysWhat(before)) {
      sessions.forEach(SessionFileSystem::namesChanged);
    }
  }

  void pendingElsewhere(Supplier<PendingWrites> pending) {
    pendingElsewhere = pending;
  }

  /** What was acknowledged and is not in OSS yet, in all trees and for those that are not there. */
  PendingWrites pending() {
    return trees.values().stream()
        .map(tree -> tree.async().pending())
        .reduce(pendingElsewhere.get(), PendingWrites::and);
  }

  OpenCounter opens() {
    return opens;
  }

  UploadCounter uploads() {
    return uploads;
  }

  /** Files that were fetched before they were opened. */
  LongAdder filesAhead() {
    return filesAhead;
  }

  Set<SessionFileSystem> sessions() {
    return sessions;
  }

  void join(SessionFileSystem session) {
    sessions.add(session);
  }

  void leave(SessionFileSystem session) {
    sessions.remove(session);
  }

  int sessionCount() {
    return sessions.size();
  }

  boolean hasOtherSessions() {
    return sessions.size() > 1;
  }

  /** The bytes of a version are kept no longer than a session has them open. */
  void dropBytes(StoredVersion version) {
    sessions.forEach(session -> session.dropBytes(version));
  }

  /** Tells the kernels of all sessions but {@code by} that names have changed. */
  void namesChanged(SessionFileSystem by) {
    if (hasOtherSessions()) {
      sessions.stream().filter(other -> other != by).forEach(SessionFileSystem::namesChanged);
    }
  }

  /** Tells the kernels of all sessions but {@code by} that an inode has changed. */
  void inodeChanged(SessionFileSystem by, Inode inode) {
    if (hasOtherSessions()) {
      sessions.stream().filter(other -> other != by).forEach(other -> other.inodeChanged(inode));
    }
  }
}
