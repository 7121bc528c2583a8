package io.ossmount.bench.hot;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.protocol.Handled;
import io.ossmount.fuse.protocol.InHeader;
import io.ossmount.fuse.protocol.Opcode;
import io.ossmount.fuse.protocol.OutHeader;
import io.ossmount.fuse.protocol.ProtocolServer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** Stands where the kernel stands: requests in the layout of {@code linux/fuse.h}. One thread. */
final class Kernel {
  /** Sizes of the arguments. */
  private static final int GETATTR_BYTES = 16;

  private static final int OPEN_BYTES = 8;
  private static final int READ_BYTES = 40;

  /** In {@code fuse_read_in}. */
  private static final int READ_OFFSET = InHeader.BYTES + 8;

  private static final int READ_SIZE = InHeader.BYTES + 16;

  private final ProtocolServer server;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment room = arena.allocate(ProtocolServer.MAX_ROOM);
  private long unique;

  Kernel(FileSystem fileSystem) {
    this.server = new ProtocolServer(fileSystem, InstantSource.system(), 0, _ -> {});
  }

  MemorySegment lookup(long parent, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    MemorySegment request = request(Opcode.LOOKUP, parent, bytes.length + 1);
    MemorySegment.copy(bytes, 0, request, JAVA_BYTE, InHeader.BYTES, bytes.length);
    return request;
  }

  MemorySegment getattr(long node) {
    return request(Opcode.GETATTR, node, GETATTR_BYTES);
  }

  MemorySegment open(long node) {
    return request(Opcode.OPEN, node, OPEN_BYTES);
  }

  MemorySegment read(long node, long handle, int size) {
    MemorySegment request = request(Opcode.READ, node, READ_BYTES);
    request.set(JAVA_LONG_UNALIGNED, InHeader.BYTES, handle);
    request.set(JAVA_INT_UNALIGNED, READ_SIZE, size);
    return request;
  }

  /** The same READ of another place. */
  static MemorySegment at(MemorySegment read, long offset) {
    read.set(JAVA_LONG_UNALIGNED, READ_OFFSET, offset);
    return read;
  }

  private MemorySegment request(Opcode opcode, long node, int argumentBytes) {
    int length = InHeader.BYTES + argumentBytes;
    MemorySegment request = arena.allocate(length);
    new InHeader(length, opcode.code(), ++unique, node, 0, 0, 1, 0).encode(request);
    return request;
  }

  /** The answer to a request that is answered at once; its size. */
  int ask(MemorySegment request) {
    if (server.handle(request, room) instanceof Handled.Answered(int bytes)
        && OutHeader.decode(room).error() == 0) {
      return bytes;
    }
    throw new IllegalStateException("not answered at once, or with an error");
  }

  /** Waits for the answer if need be, and tells the first number behind its header. */
  long number(MemorySegment request) {
    if (server.handle(request, room) instanceof Handled.Pending(Handled.Work work)) {
      work.run();
    }
    if (OutHeader.decode(room).error() != 0) {
      throw new IllegalStateException("error " + OutHeader.decode(room).error());
    }
    return room.get(JAVA_LONG_UNALIGNED, OutHeader.BYTES);
  }
}
