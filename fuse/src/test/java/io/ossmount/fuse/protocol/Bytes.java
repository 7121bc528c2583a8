package io.ossmount.fuse.protocol;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds requests as the kernel sends them. */
final class Bytes {
  static final long UNIQUE = 42;
  static final long NODE = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Bytes int32(int value) {
    bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
    return this;
  }

  Bytes int64(long value) {
    bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(value).array());
    return this;
  }

  Bytes name(String name) {
    return raw((name + "\0").getBytes(StandardCharsets.UTF_8));
  }

  Bytes raw(byte... more) {
    bytes.writeBytes(more);
    return this;
  }

  /** The request with these bytes behind its header. */
  MemorySegment request(Opcode opcode) {
    return request(opcode.code(), InHeader.BYTES + bytes.size());
  }

  MemorySegment request(int opcode, int length) {
    MemorySegment request = MemorySegment.ofArray(new byte[InHeader.BYTES + bytes.size()]);
    new InHeader(length, opcode, UNIQUE, NODE, 10, 20, 30, 0).encode(request);
    request.asSlice(InHeader.BYTES).copyFrom(MemorySegment.ofArray(bytes.toByteArray()));
    return request;
  }
}
