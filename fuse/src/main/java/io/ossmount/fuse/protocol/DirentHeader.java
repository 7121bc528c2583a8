package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_dirent}: an entry of a listing, without its name.
 *
 * @param ino number that programs see
 * @param off asks for what follows
 * @param namelen bytes of the name, which follows
 * @param type of the file: its mode shifted right by 12
 */
record DirentHeader(long ino, long off, int namelen, int type) {
  /** Size on the wire. */
  static final int BYTES = 24;

  /** Reads it from the start of {@code bytes}. */
  static DirentHeader decode(MemorySegment bytes) {
    return new DirentHeader(
        Wire.int64(bytes, 0), Wire.int64(bytes, 8), Wire.int32(bytes, 16), Wire.int32(bytes, 20));
  }

  /** Writes it to the start of {@code bytes}. */
  void encode(MemorySegment bytes) {
    Wire.int64(bytes, 0, ino);
    Wire.int64(bytes, 8, off);
    Wire.int32(bytes, 16, namelen);
    Wire.int32(bytes, 20, type);
  }
}
