package io.ossmount.fuse.protocol;

import io.ossmount.fuse.Statistics;
import java.lang.foreign.MemorySegment;

/** {@code fuse_statfs_out}: answer to STATFS. */
final class StatfsOut {
  /** Size on the wire. */
  static final int BYTES = 80;

  private StatfsOut() {}

  static void encode(Statistics statistics, MemorySegment bytes) {
    bytes.asSlice(0, BYTES).fill((byte) 0);
    Wire.int64(bytes, 0, statistics.blocks());
    Wire.int64(bytes, 8, statistics.blocksFree());
    Wire.int64(bytes, 16, statistics.blocksFree());
    Wire.int64(bytes, 24, statistics.files());
    Wire.int64(bytes, 32, statistics.filesFree());
    Wire.int32(bytes, 40, statistics.blockSize());
    Wire.int32(bytes, 44, statistics.nameLength());
    Wire.int32(bytes, 48, statistics.blockSize());
  }
}
