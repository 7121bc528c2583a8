package io.ossmount.cache.fs;

import io.ossmount.cache.fs.NodeRecords.Written;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.SessionState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which inode a node id of one session means, and how often the kernel looked it up. An id is
 * {@code epoch << 40 | counter} and never means another inode. Holds what the kernel holds, and
 * nothing more. Thread-safe.
 */
final class NodeTable {
  private final long epoch;
  private final NodeRecords records;
  private final Map<Long, Node> byId = new HashMap<>();
  private final IdentityHashMap<Inode, Node> byInode = new IdentityHashMap<>();
  private final RecentNodes recent = new RecentNodes();
  private final RecordedDirectories directories = new RecordedDirectories();
  private long counter = FileSystem.ROOT;

  /** Takes over the caller's reference of {@code root}. */
  NodeTable(long epoch, DirectoryInode root, NodeRecords records) {
    this.epoch = epoch;
    this.records = records;
    record(put(new Node(FileSystem.ROOT, root, records)));
  }

  private Node put(Node node) {
    byId.put(node.id, node);
    byInode.put(node.inode, node);
    return node;
  }

  /** Counts a lookup of an inode; takes over the caller's reference. */
  synchronized Node lookedUp(Inode inode) {
    Node node = byInode.get(inode);
    if (node == null) {
      node = put(new Node((epoch << SessionState.COUNTER_BITS) | ++counter, inode, records));
      if (inode instanceof FileInode file) {
        // Of a new node the kernel has no pages.
        node.cachedGeneration = file.generation();
      }
    } else {
      inode.release();
    }
    node.lookups++;
    if (inode instanceof DirectoryInode) {
      record(node);
    } else {
      count(node);
    }
    return node;
  }

  /** The same of a name that the kernel has asked for: it will be used at once. */
  synchronized Node lookedUpByName(Inode inode) {
    Node node = lookedUp(inode);
    if (inode instanceof FileInode) {
      remember(node);
      record(node);
    }
    return node;
  }

  private void remember(Node node) {
    recent.add(node).ifPresent(this::unrecordUnused);
  }

  /** All of an earlier server are there. Those that are not in use stay for a while. */
  synchronized void restored() {
    byId.values().stream()
        .filter(node -> node.recorded && node.inode instanceof DirectoryInode)
        .sorted(Comparator.comparingLong(Node::id))
        .forEach(directories::used);
    byId.values().stream()
        .filter(node -> node.inode instanceof FileInode && !isUsed(node))
        .toList()
        .forEach(this::remember);
  }

  /**
   * A node of an earlier server; takes over the caller's reference of its inode.
   *
   * @param recordBytes how long its record is
   * @param arePagesCurrent {@link Node#arePagesCurrent}, as it was then
   */
  synchronized void restore(
      long id, Inode inode, long lookups, int recordBytes, boolean arePagesCurrent) {
    Node node = new Node(id, inode, records);
    synchronized (inode) {
      node.recordBytes(recordBytes);
    }
    node.cachedGeneration = arePagesCurrent ? 0 : Node.UNKNOWN;
    node.lookups = lookups;
    node.recorded = true;
    byId.put(id, node);
    byInode.putIfAbsent(inode, node);
    inode.observe(node);
  }

  /** A handle of a node is there. */
  synchronized void opened(Node node) {
    boolean isWrittenDown = node.isWrittenDown() && node.opens > 0;
    node.opens++;
    if (!isWrittenDown) {
      // In what way it is open is decided with the first handle.
      rewrite(node);
    }
    count(node);
  }

  /** Writes down a handle of a node that is open, as it is now. */
  synchronized void record(long id, Handle handle) {
    record(() -> records.put(id, handle));
  }

  /** Writes something down, and lets as many directories go as it needs; whether it is there. */
  private boolean record(Supplier<Written> put) {
    Written written = put.get();
    while ((written == Written.NO_SMALL_ROOM && makeRoom(true))
        || (written == Written.NO_LARGE_ROOM && makeRoom(false))) {
      written = put.get();
    }
    records.tell(written);
    return written == Written.DOWN;
  }

  private boolean makeRoom(boolean isSmall) {
    Optional<Node> first = directories.take(isSmall, NodeTable::isIdle);
    first.ifPresent(this::unrecord);
    return first.isPresent();
  }

  /** A directory that nobody has open and that is found again by its name. */
  private static boolean isIdle(Node node) {
    return node.id != FileSystem.ROOT
        && node.opens == 0
        && node.waiting == 0
        && node.inode instanceof DirectoryInode directory
        && !directory.isDetached()
        && !directory.isPending();
  }

  /** A handle of a node is gone. */
  synchronized void closed(Node node) {
    node.opens--;
    unrecordUnused(node);
  }

  /** A request of a node waits: the next server may have to answer it. */
  synchronized void startWaiting(Node node) {
    node.waiting++;
    record(node);
  }

  /** A request of a node waits no more. */
  synchronized void endWaiting(Node node) {
    node.waiting--;
    unrecordUnused(node);
  }

  private boolean isUsed(Node node) {
    return node.opens > 0 || node.waiting > 0 || recent.contains(node);
  }

  private void unrecordUnused(Node node) {
    boolean isForgotten = node.lookups <= 0 && node.id != FileSystem.ROOT;
    if ((isForgotten || node.inode instanceof FileInode) && !isUsed(node)) {
      unrecord(node);
    }
  }

  /** Writes down a node, if it is not and there is room. */
  private void record(Node node) {
    if (!node.isWrittenDown()) {
      rewrite(node);
    }
    count(node);
  }

  /** Writes down a node as it is now, if there is room. */
  private void rewrite(Node node) {
    if (!record(node::write)) {
      unrecord(node);
    } else if (node.inode instanceof DirectoryInode) {
      directories.used(node);
    }
  }

  private void unrecord(Node node) {
    directories.remove(node);
    if (node.recorded) {
      node.recorded = false;
      synchronized (node.inode) {
        node.inode.ignore(node);
        records.remove(node);
      }
    }
  }

  private void count(Node node) {
    if (node.recorded) {
      records.count(node, node.lookups);
    }
  }

  /** The node of an id; ESTALE when there is none. */
  synchronized Node node(long id) {
    Node node = byId.get(id);
    if (node == null) {
      throw new FuseException(Errno.ESTALE);
    }
    if (node.inode instanceof DirectoryInode) {
      use(node);
    }
    return node;
  }

  /** A directory that had to make room is written down again when something is asked of it. */
  private void use(Node directory) {
    if (directory.isWrittenDown()) {
      directories.used(directory);
    } else {
      record(directory);
    }
  }

  /** The node of an id; null when there is none. */
  synchronized @Nullable Node find(long id) {
    return byId.get(id);
  }

  /** The node of an inode, if the kernel holds one. */
  synchronized Optional<Node> node(Inode inode) {
    return Optional.ofNullable(byInode.get(inode));
  }

  /**
   * The next lookup of the inode gets a node of its own: this one is open in a way that it cannot
   * be opened otherwise.
   */
  synchronized void displace(Node node) {
    byInode.remove(node.inode, node);
  }

  synchronized void forget(long id, long lookups) {
    Node node = byId.get(id);
    if (node == null || id == FileSystem.ROOT) {
      return;
    }
    node.lookups -= lookups;
    if (node.lookups > 0) {
      count(node);
    } else {
      recent.remove(node);
      // What is still open is written down until it is closed.
      if (!isUsed(node)) {
        unrecord(node);
      }
      byId.remove(id);
      byInode.remove(node.inode, node);
      node.inode.release();
    }
  }

  /**
   * Whether what the kernel has of a node is of this generation and not older than {@code maxAge};
   * from now on it is.
   */
  synchronized boolean isCached(Node node, long generation, long now, long maxAgeNanos) {
    boolean cached = node.cachedGeneration == generation && now - node.cachedAt < maxAgeNanos;
    if (!cached) {
      node.cachedGeneration = generation;
      node.cachedAt = now;
    }
    return cached;
  }

  /** Nobody knows what the kernel has of a node. */
  synchronized void forgetCached(Node node) {
    node.cachedGeneration = Node.UNKNOWN;
    if (node.recorded) {
      rewrite(node);
    }
  }

  /** The kernel made a change itself: what it has is now of generation {@code to}. */
  synchronized void changedByKernel(Node node, long from, long to) {
    if (node.cachedGeneration == from) {
      node.cachedGeneration = to;
    }
  }

  /** How many nodes there are. */
  synchronized int size() {
    return byId.size();
  }

  /** The session is over for this process; the next server finds what was written down. */
  synchronized void clear() {
    List<Node> nodes = new ArrayList<>(byId.values());
    byId.clear();
    byInode.clear();
    recent.clear();
    directories.clear();
    for (Node node : nodes) {
      node.inode.ignore(node);
      node.inode.release();
    }
  }
}
