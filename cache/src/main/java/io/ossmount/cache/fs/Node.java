package io.ossmount.cache.fs;

import io.ossmount.cache.fs.BackingIds.Backed;
import io.ossmount.cache.fs.NodeRecords.Written;
import io.ossmount.fuse.SessionRecords;
import java.util.Optional;

/** An inode as a session's kernel knows it: by a node id. Its fields are {@link NodeTable}'s. */
final class Node implements Inode.Observer {
  static final long UNKNOWN = -1;

  final long id;
  final Inode inode;
  private final NodeRecords records;

  /** Guarded by the table, as are the next three. */
  long lookups;

  int opens;
  int waiting;
  boolean recorded;

  /** It is not written down after all: it grew, and nobody could make room just then. */
  private volatile boolean isDropped;

  /** Of the last one. Guarded by the inode. */
  private int recordBytes;

  /** Of what the kernel has in its pages, or of a directory's entries. Also read without a lock. */
  volatile long cachedGeneration = UNKNOWN;

  /** Guarded by the table. */
  long cachedAt;

  private volatile Optional<Backed> backed = Optional.empty();

  Node(long id, Inode inode, NodeRecords records) {
    this.id = id;
    this.inode = inode;
    this.records = records;
  }

  long id() {
    return id;
  }

  Inode inode() {
    return inode;
  }

  void recordBytes(int bytes) {
    recordBytes = bytes;
  }

  boolean isRecordSmall() {
    synchronized (inode) {
      return recordBytes <= SessionRecords.SMALL_BYTES;
    }
  }

  boolean isWrittenDown() {
    return recorded && !isDropped;
  }

  /** What the kernel reads in its place, while it is open in passthrough. */
  Optional<Backed> backed() {
    return backed;
  }

  void backed(Optional<Backed> by) {
    backed = by;
  }

  /**
   * Whether all that the kernel has in its pages is of the version that the file shows; false when
   * that changes with each write.
   */
  boolean arePagesCurrent() {
    return inode instanceof FileInode file && file.isStored(cachedGeneration);
  }

  /** Writes it down as it is now, and from now on whenever it changes. */
  Written write() {
    synchronized (inode) {
      Written written = records.put(this);
      isDropped = written != Written.DOWN;
      if (written == Written.DOWN && !recorded) {
        recorded = true;
        inode.observe(this);
      }
      return written;
    }
  }

  @Override
  public void inodeChanged() {
    Written written = records.put(this);
    isDropped = written != Written.DOWN;
    records.tell(written);
  }
}
