package io.ossmount.cache.fs;

import io.ossmount.cache.fs.NodeTable.Node;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.proto.records.v1.HandleRecord;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the next server of a session has to know of its nodes and handles. Thread-safe.
 *
 * <p>Directories are kept while the kernel holds them and there is room, as a process may have one
 * as its working directory; files while they are open, a request of theirs waits, or they were
 * looked up just now: the kernel looks any other one up again by its name.
 */
final class NodeRecords {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRecords.class);

  private final SessionRecords memory;
  private final View view;
  private final AtomicBoolean isFull = new AtomicBoolean();

  /** In {@code memory}; what stat(2) shows of nodes is in it as well, as {@code view} has it. */
  NodeRecords(SessionRecords memory, View view) {
    this.memory = memory;
    this.view = view;
  }

  /**
   * Writes a node as it is now; by who holds its inode's monitor.
   *
   * @return false: there is no room
   */
  boolean put(Node node) {
    byte[] record = RecordForms.of(node, view).toByteArray();
    node.recordBytes(record.length);
    return memory.put(key(node), record);
  }

  /** Notes how often the kernel looked a node up. */
  void count(Node node, long lookups) {
    memory.count(key(node), lookups);
  }

  void remove(Node node) {
    memory.remove(key(node));
  }

  /**
   * Writes a handle as it is now.
   *
   * @return false: there is no room
   */
  boolean put(long handle, Handle open) {
    HandleRecord record = RecordForms.of(open);
    return memory.put(
        new SessionRecords.Key(SessionRecords.Kind.HANDLE, handle), record.toByteArray());
  }

  /** Says once that not all that is open can be written down. */
  void tellFull() {
    if (!isFull.getAndSet(true)) {
      LOG.warn("so much of this volume is open that no more can be: who tries gets ENFILE");
    }
  }

  void remove(long handle) {
    memory.remove(new SessionRecords.Key(SessionRecords.Kind.HANDLE, handle));
  }

  private static SessionRecords.Key key(Node node) {
    return new SessionRecords.Key(SessionRecords.Kind.NODE, node.id());
  }
}
