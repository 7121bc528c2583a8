package io.ossmount.fuse.protocol;

import io.ossmount.fuse.Entry;
import java.lang.foreign.MemorySegment;

/** {@code fuse_entry_out}: answer to LOOKUP and to what makes a name. */
final class EntryOut {
  /** Size on the wire. */
  static final int BYTES = 40 + Attr.BYTES;

  private EntryOut() {}

  /** The node that an entry tells of; 0: none. */
  static long node(MemorySegment bytes) {
    return Wire.int64(bytes, 0);
  }

  static void encode(Entry entry, MemorySegment bytes) {
    Wire.int64(bytes, 0, entry.node());
    // The generation tells apart the files that had one id; no id is given out twice.
    Wire.int64(bytes, 8, 0);
    Times.encode(entry.validity(), bytes, 16, 32);
    Times.encode(entry.attributes().validity(), bytes, 24, 36);
    Attr.encode(entry.attributes(), bytes.asSlice(40));
  }
}
