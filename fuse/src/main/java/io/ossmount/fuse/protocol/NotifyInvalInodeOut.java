package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_notify_inval_inode_out}: attributes of a node are no longer valid.
 *
 * @param ino node
 * @param off start of the pages to drop; negative: none
 * @param len of them
 */
record NotifyInvalInodeOut(long ino, long off, long len) {
  /** Size on the wire. */
  static final int BYTES = 24;

  /** Reads it from the start of {@code bytes}. */
  static NotifyInvalInodeOut decode(MemorySegment bytes) {
    return new NotifyInvalInodeOut(
        Wire.int64(bytes, 0), Wire.int64(bytes, 8), Wire.int64(bytes, 16));
  }

  /** Writes it to the start of {@code bytes}. */
  void encode(MemorySegment bytes) {
    Wire.int64(bytes, 0, ino);
    Wire.int64(bytes, 8, off);
    Wire.int64(bytes, 16, len);
  }
}
