package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_notify_inval_entry_out}: a name is no longer valid.
 *
 * @param parent directory
 * @param namelen bytes of the name, which follows with a zero byte
 * @param flags of the protocol
 */
record NotifyInvalEntryOut(long parent, int namelen, int flags) {
  /** Size on the wire. */
  static final int BYTES = 16;

  /** Reads it from the start of {@code bytes}. */
  static NotifyInvalEntryOut decode(MemorySegment bytes) {
    return new NotifyInvalEntryOut(
        Wire.int64(bytes, 0), Wire.int32(bytes, 8), Wire.int32(bytes, 12));
  }

  /** Writes it to the start of {@code bytes}. */
  void encode(MemorySegment bytes) {
    Wire.int64(bytes, 0, parent);
    Wire.int32(bytes, 8, namelen);
    Wire.int32(bytes, 12, flags);
  }
}
