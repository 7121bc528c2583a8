package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct msghdr} with one part and room for descriptors: what sendmsg(2) and recvmsg(2)
 * take. Reused; not thread-safe.
 */
final class MessageHeader {
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;

  /** {@code SCM_MAX_FD}: the kernel passes no more at once. */
  private static final int KERNEL_MAX_DESCRIPTORS = 253;

  private static final int CONTROL_HEADER = 16;
  private static final int MSG_CTRUNC = 8;

  private final MemorySegment header;
  private final MemorySegment part;
  private final MemorySegment control;

  MessageHeader(Arena arena) {
    header = arena.allocate(56, 8);
    part = arena.allocate(16, 8);
    control = arena.allocate(controlBytes(KERNEL_MAX_DESCRIPTORS), 8);
    header.set(ADDRESS, 16, part);
    header.set(JAVA_LONG, 24, 1);
  }

  /** To send {@code bytes}, with {@code fds} at the first of them. */
  MemorySegment toSend(MemorySegment bytes, List<Integer> fds) {
    setPart(bytes);
    if (fds.isEmpty()) {
      header.set(ADDRESS, 32, MemorySegment.NULL);
      header.set(JAVA_LONG, 40, 0);
      return header;
    }
    control.fill((byte) 0);
    control.set(JAVA_LONG, 0, CONTROL_HEADER + 4L * fds.size());
    control.set(JAVA_INT, 8, SOL_SOCKET);
    control.set(JAVA_INT, 12, SCM_RIGHTS);
    for (int i = 0; i < fds.size(); i++) {
      control.set(JAVA_INT, CONTROL_HEADER + 4L * i, fds.get(i));
    }
    header.set(ADDRESS, 32, control);
    header.set(JAVA_LONG, 40, controlBytes(fds.size()));
    return header;
  }

  /** To receive into {@code bytes}. */
  MemorySegment toReceive(MemorySegment bytes) {
    setPart(bytes);
    control.fill((byte) 0);
    header.set(ADDRESS, 32, control);
    header.set(JAVA_LONG, 40, control.byteSize());
    header.set(JAVA_INT, 48, 0);
    return header;
  }

  /** The descriptors that came with what was just received; the caller owns them. */
  List<Descriptor> received() {
    List<Descriptor> descriptors = new ArrayList<>();
    long end = header.get(JAVA_LONG, 40);
    long at = 0;
    while (at + CONTROL_HEADER <= end) {
      long length = control.get(JAVA_LONG, at);
      if (length < CONTROL_HEADER || at + length > end) {
        break;
      }
      if (control.get(JAVA_INT, at + 8) == SOL_SOCKET
          && control.get(JAVA_INT, at + 12) == SCM_RIGHTS) {
        for (long i = at + CONTROL_HEADER; i + 4 <= at + length; i += 4) {
          descriptors.add(new Descriptor(control.get(JAVA_INT, i)));
        }
      }
      at += aligned(length);
    }
    return descriptors;
  }

  /** Whether the kernel had more descriptors than could be taken: it has dropped them. */
  boolean isTruncated() {
    return (header.get(JAVA_INT, 48) & MSG_CTRUNC) != 0;
  }

  private void setPart(MemorySegment bytes) {
    part.set(ADDRESS, 0, bytes);
    part.set(JAVA_LONG, 8, bytes.byteSize());
  }

  private static long controlBytes(int descriptors) {
    return aligned(CONTROL_HEADER + 4L * descriptors);
  }

  private static long aligned(long bytes) {
    return (bytes + 7) & ~7L;
  }
}
