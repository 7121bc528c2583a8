package io.ossmount.cache.fs;

import io.ossmount.cache.fs.NodeTable.Node;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.proto.records.v1.HandleRecord;
import io.ossmount.proto.records.v1.NodeRecord;

/**
 * What the next server of a session has to know of its nodes and handles. Thread-safe.
 *
 * <p>Directories are kept while the kernel holds them, as a process may have one as its working
 * directory; files while they are open, a request of theirs waits, or they were looked up just now:
 * the kernel looks any other one up again by its name.
 */
final class NodeRecords {
  private final SessionRecords memory;
  private final View view;

  /** In {@code memory}; what stat(2) shows of nodes is in it as well, as {@code view} has it. */
  NodeRecords(SessionRecords memory, View view) {
    this.memory = memory;
    this.view = view;
  }

  /** Writes a node as it is now; by who holds its inode's monitor. */
  void put(Node node) {
    NodeRecord record = RecordForms.of(node, view);
    memory.put(key(node), record.toByteArray());
  }

  /** Notes how often the kernel looked a node up. */
  void count(Node node, long lookups) {
    memory.count(key(node), lookups);
  }

  void remove(Node node) {
    memory.remove(key(node));
  }

  void put(long handle, Handle open) {
    HandleRecord record = RecordForms.of(open);
    memory.put(new SessionRecords.Key(SessionRecords.Kind.HANDLE, handle), record.toByteArray());
  }

  void remove(long handle) {
    memory.remove(new SessionRecords.Key(SessionRecords.Kind.HANDLE, handle));
  }

  private static SessionRecords.Key key(Node node) {
    return new SessionRecords.Key(SessionRecords.Kind.NODE, node.id());
  }
}
