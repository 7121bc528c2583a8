package io.ossmount.fuse.protocol;

import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.SetAttributes;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code fuse_setattr_in}: argument of SETATTR.
 *
 * @param valid which of the fields count
 * @param fh handle that it was asked through
 * @param size for truncate(2)
 * @param lockOwner of the caller
 * @param atime seconds
 * @param mtime seconds
 * @param ctime seconds
 * @param atimensec nanoseconds
 * @param mtimensec nanoseconds
 * @param ctimensec nanoseconds
 * @param mode permissions
 * @param uid owner
 * @param gid group
 */
record SetattrIn(
    int valid,
    long fh,
    long size,
    long lockOwner,
    long atime,
    long mtime,
    long ctime,
    int atimensec,
    int mtimensec,
    int ctimensec,
    int mode,
    int uid,
    int gid) {
  /** Size on the wire. */
  static final int BYTES = 88;

  /** Reads it from the start of {@code bytes}. */
  static SetattrIn decode(MemorySegment bytes) {
    return new SetattrIn(
        Wire.int32(bytes, 0),
        Wire.int64(bytes, 8),
        Wire.int64(bytes, 16),
        Wire.int64(bytes, 24),
        Wire.int64(bytes, 32),
        Wire.int64(bytes, 40),
        Wire.int64(bytes, 48),
        Wire.int32(bytes, 56),
        Wire.int32(bytes, 60),
        Wire.int32(bytes, 64),
        Wire.int32(bytes, 68),
        Wire.int32(bytes, 76),
        Wire.int32(bytes, 80));
  }

  private static final int MODE = 1;
  private static final int UID = 1 << 1;
  private static final int GID = 1 << 2;
  private static final int SIZE = 1 << 3;
  private static final int ATIME = 1 << 4;
  private static final int MTIME = 1 << 5;
  private static final int FH = 1 << 6;
  private static final int ATIME_NOW = 1 << 7;
  private static final int MTIME_NOW = 1 << 8;

  /** The same for a file system; "now" is {@code now}. */
  SetAttributes changes(Instant now) {
    return new SetAttributes(
        has(FH) ? fh : FileSystem.NO_HANDLE,
        has(SIZE) ? OptionalLong.of(size) : OptionalLong.empty(),
        optional(MODE, mode),
        optional(UID, uid),
        optional(GID, gid),
        has(ATIME) ? Optional.of(time(ATIME_NOW, now, atime, atimensec)) : Optional.empty(),
        has(MTIME) ? Optional.of(time(MTIME_NOW, now, mtime, mtimensec)) : Optional.empty());
  }

  private OptionalInt optional(int bit, int value) {
    return has(bit) ? OptionalInt.of(value) : OptionalInt.empty();
  }

  private Instant time(int nowBit, Instant now, long seconds, int nanos) {
    return has(nowBit) ? now : Times.instant(seconds, nanos);
  }

  private boolean has(int bit) {
    return (valid & bit) != 0;
  }
}
