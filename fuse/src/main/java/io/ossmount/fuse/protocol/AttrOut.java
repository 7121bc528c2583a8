package io.ossmount.fuse.protocol;

import io.ossmount.fuse.Attributes;
import java.lang.foreign.MemorySegment;

/** {@code fuse_attr_out}: answer to GETATTR and SETATTR. */
final class AttrOut {
  /** Size on the wire. */
  static final int BYTES = 16 + Attr.BYTES;

  private AttrOut() {}

  static void encode(Attributes attributes, MemorySegment bytes) {
    Times.encode(attributes.validity(), bytes, 0, 8);
    Wire.int32(bytes, 12, 0);
    Attr.encode(attributes, bytes.asSlice(16));
  }
}
