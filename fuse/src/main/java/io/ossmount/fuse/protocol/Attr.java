package io.ossmount.fuse.protocol;

import io.ossmount.fuse.Attributes;
import java.lang.foreign.MemorySegment;

/** {@code fuse_attr}: what stat(2) shows, inside of other answers. */
final class Attr {
  /** Size on the wire. */
  static final int BYTES = 88;

  /** Unit of {@code st_blocks}, whatever the block size. */
  private static final int SECTOR = 512;

  private static final int BLOCK_SIZE = 4096;

  private Attr() {}

  static void encode(Attributes attributes, MemorySegment bytes) {
    Wire.int64(bytes, 0, attributes.inode());
    Wire.int64(bytes, 8, attributes.size());
    Wire.int64(bytes, 16, attributes.size() / SECTOR + (attributes.size() % SECTOR == 0 ? 0 : 1));
    Times.encode(attributes.accessed(), bytes, 24, 48);
    Times.encode(attributes.modified(), bytes, 32, 52);
    Times.encode(attributes.changed(), bytes, 40, 56);
    Wire.int32(bytes, 60, attributes.mode());
    Wire.int32(bytes, 64, attributes.links());
    Wire.int32(bytes, 68, attributes.uid());
    Wire.int32(bytes, 72, attributes.gid());
    Wire.int32(bytes, 76, 0);
    Wire.int32(bytes, 80, BLOCK_SIZE);
    Wire.int32(bytes, 84, 0);
  }
}
