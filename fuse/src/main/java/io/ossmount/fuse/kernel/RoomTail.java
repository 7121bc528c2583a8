package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The end of a buffer or slot of {@link SessionMemory}, behind any request: how far the work on the
 * request came, and its answer once there is one, for the server that finds both.
 *
 * <pre>
 * 0   unique of the request that the note is about
 * 8   the note
 * 16  the answer: length, error, unique of the request, payload
 * </pre>
 *
 * <p>Problem: the kernel reads a request into a room in one go, and a server can be killed between
 * any two stores, so a room may hold a request and the tail of the one before. Solution: note and
 * answer name their request, by the number that the kernel never gives twice, and that name is
 * stored last. Nothing has to be cleared.
 *
 * <p>Not guarded here: a room belongs to one thread at a time.
 */
public final class RoomTail {
  /** Size of it, at the end of a room. */
  public static final int BYTES = 256;

  /** Longest answer that is kept; those to CREATE, the longest that need it, have 160 bytes. */
  public static final int MAX_ANSWER_BYTES = BYTES - 16;

  /** In {@code fuse_in_header} and in {@code fuse_out_header}. */
  private static final long AT_UNIQUE = 8;

  private static final long AT_NOTED_FOR = 0;
  private static final long AT_NOTE = 8;
  private static final long AT_ANSWER = 16;
  private static final int HEADER_BYTES = 16;
  private static final VarHandle LONG = JAVA_LONG.varHandle();

  private RoomTail() {}

  private static long tail(MemorySegment room) {
    return room.byteSize() - BYTES;
  }

  /** The number of a request when it came first: bit 63 says that the kernel sends it again. */
  public static long firstUnique(long unique) {
    return unique & Long.MAX_VALUE;
  }

  /** Whether the kernel sends a request again. */
  public static boolean isSentAgain(long unique) {
    return unique != firstUnique(unique);
  }

  /** Gives the request in the room the number under which the kernel sends it again. */
  public static void renumber(MemorySegment room, long unique) {
    LONG.setRelease(room, AT_UNIQUE, unique);
  }

  private static long request(MemorySegment room) {
    return firstUnique(room.get(JAVA_LONG, AT_UNIQUE));
  }

  /** Notes how far the work on the request in the room is; in place of what was noted before. */
  public static void note(MemorySegment room, long value) {
    long tail = tail(room);
    LONG.setRelease(room, tail + AT_NOTE, value);
    LONG.setRelease(room, tail + AT_NOTED_FOR, request(room));
  }

  /** What was noted of the request in the room. */
  public static OptionalLong noted(MemorySegment room) {
    long tail = tail(room);
    return (long) LONG.getAcquire(room, tail + AT_NOTED_FOR) == request(room)
        ? OptionalLong.of((long) LONG.getAcquire(room, tail + AT_NOTE))
        : OptionalLong.empty();
  }

  /**
   * Keeps the answer to the request in the room; to be called once, before it is sent.
   *
   * @param bytes of {@code answer}, which begins with {@code fuse_out_header}: at most {@link
   *     #MAX_ANSWER_BYTES}
   */
  public static void keep(MemorySegment room, MemorySegment answer, int bytes) {
    if (bytes < HEADER_BYTES || bytes > MAX_ANSWER_BYTES) {
      throw new IllegalArgumentException("an answer of %d bytes".formatted(bytes));
    }
    long at = tail(room) + AT_ANSWER;
    MemorySegment.copy(answer, HEADER_BYTES, room, at + HEADER_BYTES, (long) bytes - HEADER_BYTES);
    MemorySegment.copy(answer, 0, room, at, AT_UNIQUE);
    LONG.setRelease(room, at + AT_UNIQUE, request(room));
  }

  /** The answer to the request in the room, under the number that it has now. */
  public static Optional<byte[]> kept(MemorySegment room) {
    long at = tail(room) + AT_ANSWER;
    if ((long) LONG.getAcquire(room, at + AT_UNIQUE) != request(room)) {
      return Optional.empty();
    }
    int length = room.get(JAVA_INT, at);
    if (length < HEADER_BYTES || length > MAX_ANSWER_BYTES) {
      return Optional.empty();
    }
    byte[] answer = room.asSlice(at, length).toArray(JAVA_BYTE);
    MemorySegment.ofArray(answer)
        .set(JAVA_LONG.withByteAlignment(1), AT_UNIQUE, room.get(JAVA_LONG, AT_UNIQUE));
    return Optional.of(answer);
  }

  /** Copies what is noted and kept; to be called before the other room has the request. */
  static void copy(MemorySegment from, MemorySegment to) {
    MemorySegment.copy(from, tail(from), to, tail(to), BYTES);
  }
}
