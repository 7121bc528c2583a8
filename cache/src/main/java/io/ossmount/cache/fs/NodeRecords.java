package io.ossmount.cache.fs;

import io.ossmount.fuse.SessionRecords;
import io.ossmount.proto.records.v1.HandleRecord;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Set<Written> told = ConcurrentHashMap.newKeySet();

  /** In {@code memory}; what stat(2) shows of nodes is in it as well, as {@code view} has it. */
  NodeRecords(SessionRecords memory, View view) {
    this.memory = memory;
    this.view = view;
  }

  /** What came of writing something down. */
  enum Written {
    DOWN,
    NO_SMALL_ROOM,
    NO_LARGE_ROOM,
    TOO_LONG
  }

  /** Writes a node as it is now, or takes it out; by who holds its inode's monitor. */
  Written put(Node node) {
    byte[] record = RecordForms.of(node, view).toByteArray();
    node.recordBytes(record.length);
    return put(key(node), record);
  }

  private Written put(SessionRecords.Key key, byte[] record) {
    if (memory.put(key, record)) {
      return Written.DOWN;
    }
    if (record.length > SessionRecords.MAX_BYTES) {
      return Written.TOO_LONG;
    }
    return record.length > SessionRecords.SMALL_BYTES
        ? Written.NO_LARGE_ROOM
        : Written.NO_SMALL_ROOM;
  }

  /** Says once of what kind is what the next server cannot be told. */
  void tell(Written problem) {
    if (problem != Written.DOWN && told.add(problem)) {
      LOG.warn(
          "not all that is open on a volume can be written down ({}): the next cache process would"
              + " answer EBADF or ESTALE for it",
          problem);
    }
  }

  /** Notes how often the kernel looked a node up. */
  void count(Node node, long lookups) {
    memory.count(key(node), lookups);
  }

  void remove(Node node) {
    memory.remove(key(node));
  }

  /** Writes a handle as it is now, or takes it out. */
  Written put(long handle, Handle open) {
    HandleRecord record = RecordForms.of(open);
    return put(new SessionRecords.Key(SessionRecords.Kind.HANDLE, handle), record.toByteArray());
  }

  void remove(long handle) {
    memory.remove(new SessionRecords.Key(SessionRecords.Kind.HANDLE, handle));
  }

  private static SessionRecords.Key key(Node node) {
    return new SessionRecords.Key(SessionRecords.Kind.NODE, node.id());
  }
}
