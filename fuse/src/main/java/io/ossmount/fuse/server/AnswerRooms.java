package io.ossmount.fuse.server;

import io.ossmount.fuse.protocol.OutHeader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The memory for answers under way, of all sessions of the process. Thread-safe. Bounded: when it
 * is used up, readers hand the request to a thread that waits for a free one. Rooms come to exist
 * when they are first needed and are reused, the last one first, as its pages are warm.
 */
final class AnswerRooms {
  /** Bytes of payload: of most answers, of READs with the default read-ahead, of the largest. */
  private static final int[] PAYLOAD_BYTES = {4096, 128 << 10, 1 << 20};

  /** How many of the smallest: each request in flight has one. */
  private static final int SMALL = 2048;

  private final Semaphore[] permits = new Semaphore[PAYLOAD_BYTES.length];
  private final FreeRooms[] free = new FreeRooms[PAYLOAD_BYTES.length];

  /**
   * Rooms for about {@code bytes} of READ answers at once, at least one of each size.
   *
   * @param bytes half for each of the two larger sizes
   */
  AnswerRooms(long bytes) {
    for (int i = 0; i < PAYLOAD_BYTES.length; i++) {
      int count = i == 0 ? SMALL : (int) Math.max(1, bytes / 2 / PAYLOAD_BYTES[i]);
      permits[i] = new Semaphore(count);
      free[i] = new FreeRooms();
    }
  }

  /** A room for an answer of {@code bytes} with its header; null when there is none now. */
  @Nullable AnswerRoom tryTake(int bytes) {
    int sizeClass = sizeClass(bytes);
    return permits[sizeClass].tryAcquire() ? takePermitted(sizeClass) : null;
  }

  /** Waits for a room for an answer of {@code bytes} with its header. */
  AnswerRoom take(int bytes) throws InterruptedException {
    int sizeClass = sizeClass(bytes);
    permits[sizeClass].acquire();
    return takePermitted(sizeClass);
  }

  private AnswerRoom takePermitted(int sizeClass) {
    AnswerRoom room = free[sizeClass].pop();
    return room != null ? room : new AnswerRoom(PAYLOAD_BYTES[sizeClass], sizeClass);
  }

  void release(AnswerRoom room) {
    free[room.sizeClass()].push(room);
    permits[room.sizeClass()].release();
  }

  private static int sizeClass(int bytes) {
    for (int i = 0; i < PAYLOAD_BYTES.length; i++) {
      if (bytes - OutHeader.BYTES <= PAYLOAD_BYTES[i]) {
        return i;
      }
    }
    throw new IllegalArgumentException("answer of %d bytes".formatted(bytes));
  }

  /** Those that no one uses; as many as there were ever in use at once. */
  private static final class FreeRooms {
    private final Deque<AnswerRoom> rooms = new ArrayDeque<>();

    synchronized @Nullable AnswerRoom pop() {
      return rooms.pollFirst();
    }

    synchronized void push(AnswerRoom room) {
      rooms.addFirst(room);
    }
  }
}
