package io.ossmount.fuse.protocol;

import java.lang.foreign.MemorySegment;

/**
 * {@code fuse_in_header}: begins every request.
 *
 * @param len bytes of the request, this header included
 * @param opcode what is asked; see {@link Opcode}
 * @param unique names the request in its answer; bit 63 says that the kernel sends it again
 * @param nodeid node that it is about
 * @param uid of the caller
 * @param gid of the caller
 * @param pid of the caller, 0 when unknown
 * @param totalExtlen length of extensions in units of 8 bytes; none are negotiated
 */
public record InHeader(
    int len, int opcode, long unique, long nodeid, int uid, int gid, int pid, int totalExtlen) {
  /** Size on the wire. */
  public static final int BYTES = 40;

  /** Reads it from the start of {@code bytes}. */
  public static InHeader decode(MemorySegment bytes) {
    return new InHeader(
        Wire.int32(bytes, 0),
        Wire.int32(bytes, 4),
        Wire.int64(bytes, 8),
        Wire.int64(bytes, 16),
        Wire.int32(bytes, 24),
        Wire.int32(bytes, 28),
        Wire.int32(bytes, 32),
        Wire.int16(bytes, 36));
  }

  /** Writes it to the start of {@code bytes}. */
  public void encode(MemorySegment bytes) {
    Wire.int32(bytes, 0, len);
    Wire.int32(bytes, 4, opcode);
    Wire.int64(bytes, 8, unique);
    Wire.int64(bytes, 16, nodeid);
    Wire.int32(bytes, 24, uid);
    Wire.int32(bytes, 28, gid);
    Wire.int32(bytes, 32, pid);
    Wire.int16(bytes, 36, totalExtlen);
    Wire.int16(bytes, 38, 0);
  }
}
