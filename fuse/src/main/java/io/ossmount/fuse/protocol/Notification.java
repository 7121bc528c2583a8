package io.ossmount.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * What a server tells the kernel unasked: {@code enum fuse_notify_code}. Encoded like an answer to
 * request 0.
 */
public sealed interface Notification {
  /** Room that any of them fits into. */
  int MAX_BYTES = OutHeader.BYTES + NotifyInvalEntryOut.BYTES + Names.MAX_BYTES + 1;

  /** The attributes of {@code node} have changed. */
  record InvalInode(long node) implements Notification {
    private static final int CODE = 2;
  }

  /** {@code name} in {@code parent} has come, gone or changed. */
  record InvalEntry(long parent, String name) implements Notification {
    private static final int CODE = 3;
  }

  /** Requests that are not answered are to be sent again, with bit 63 of their number set. */
  record Resend() implements Notification {
    private static final int CODE = 7;
  }

  /** Every name is to be looked up again. */
  record IncEpoch() implements Notification {
    private static final int CODE = 8;
  }

  /**
   * Writes it to the start of {@code room}; returns its size.
   *
   * @throws IllegalArgumentException for a text that is not the name of a file
   */
  default int encode(MemorySegment room) {
    MemorySegment payload = room.asSlice(OutHeader.BYTES);
    return switch (this) {
      case InvalInode(long node) -> {
        // A negative offset: attributes alone. With a range the kernel waits for its pages.
        new NotifyInvalInodeOut(node, -1, 0).encode(payload);
        yield header(room, InvalInode.CODE, NotifyInvalInodeOut.BYTES);
      }
      case InvalEntry(long parent, String name) -> {
        byte[] bytes = Names.encode(name);
        new NotifyInvalEntryOut(parent, bytes.length, 0).encode(payload);
        MemorySegment.copy(bytes, 0, payload, JAVA_BYTE, NotifyInvalEntryOut.BYTES, bytes.length);
        payload.set(JAVA_BYTE, (long) NotifyInvalEntryOut.BYTES + bytes.length, (byte) 0);
        yield header(room, InvalEntry.CODE, NotifyInvalEntryOut.BYTES + bytes.length + 1);
      }
      case Resend() -> header(room, Resend.CODE, 0);
      case IncEpoch() -> header(room, IncEpoch.CODE, 0);
    };
  }

  private static int header(MemorySegment room, int code, int payloadBytes) {
    int length = OutHeader.BYTES + payloadBytes;
    new OutHeader(length, code, 0).encode(room);
    return length;
  }
}
