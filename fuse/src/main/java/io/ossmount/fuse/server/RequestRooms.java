package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.SessionMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use which buffer and slot of a session's memory. Thread-safe. A room is named by its
 * number: first the buffers, then the slots.
 *
 * <p>All requests in flight have a room, so their number is bounded by that of the rooms.
 */
final class RequestRooms {
  /** There is no free one. */
  static final int NONE = -1;

  private static final Logger LOG = LoggerFactory.getLogger(RequestRooms.class);
  private static final int COUNT = SessionMemory.BUFFERS + SessionMemory.SLOTS;

  private static final int FREE = 0;
  private static final int TAKEN = 1;

  private final SessionMemory memory;
  private final MemorySegment[] rooms = new MemorySegment[COUNT];
  private final AtomicIntegerArray states = new AtomicIntegerArray(COUNT);

  /** Whether a room has its pages. Read and written by who has taken the room. */
  private final boolean[] populated = new boolean[COUNT];

  /** Where the search for a free slot begins: slots of late are warm. */
  private volatile int slotHint = SessionMemory.BUFFERS;

  /**
   * The rooms of {@code memory}. One buffer gets its pages now, so that the session can be served;
   * the others when they are needed: an idle session has a MiB.
   */
  RequestRooms(SessionMemory memory) throws IOException {
    this.memory = memory;
    for (int room = 0; room < COUNT; room++) {
      rooms[room] =
          room < SessionMemory.BUFFERS
              ? memory.buffer(room)
              : memory.slot(room - SessionMemory.BUFFERS);
    }
    memory.populate(rooms[0]);
    populated[0] = true;
  }

  MemorySegment memory(int room) {
    return rooms[room];
  }

  /** Takes a buffer, or {@link #NONE}. */
  int takeBuffer() {
    return takeBetween(0, SessionMemory.BUFFERS);
  }

  boolean hasFreeBuffer() {
    for (int room = 0; room < SessionMemory.BUFFERS; room++) {
      if (states.get(room) == FREE) {
        return true;
      }
    }
    return false;
  }

  /** Takes a slot, or {@link #NONE}. */
  int takeSlot() {
    int hint = slotHint;
    int room = takeBetween(hint, COUNT);
    return room == NONE ? takeBetween(SessionMemory.BUFFERS, hint) : room;
  }

  private int takeBetween(int from, int to) {
    for (int room = from; room < to; room++) {
      if (states.get(room) == FREE && states.compareAndSet(room, FREE, TAKEN)) {
        if (populate(room)) {
          return room;
        }
        states.set(room, FREE);
      }
    }
    return NONE;
  }

  private boolean populate(int room) {
    if (populated[room]) {
      return true;
    }
    try {
      memory.populate(rooms[room]);
      populated[room] = true;
      return true;
    } catch (IOException e) {
      LOG.warn("no memory for one more request at once: {}", e.getMessage());
      return false;
    }
  }

  /**
   * Takes the next room, from {@code from} on, that holds a request of an earlier server.
   *
   * @return its number, or {@link #NONE}
   */
  int takeOccupied(int from) {
    for (int room = from; room < COUNT; room++) {
      if (SessionMemory.length(rooms[room]) != 0 && states.compareAndSet(room, FREE, TAKEN)) {
        return room;
      }
    }
    return NONE;
  }

  /** Clears the request and gives the room back. */
  void release(int room) {
    SessionMemory.clear(rooms[room]);
    if (room >= SessionMemory.BUFFERS) {
      slotHint = room;
    }
    states.set(room, FREE);
  }

  /** Nobody works on what is read into the room from now on. */
  void setUntouched(int room) {
    memory.setUntouched(room, true);
  }

  /**
   * Somebody is going to work on the request in the room.
   *
   * @return whether nobody has done so yet
   */
  boolean touch(int room) {
    boolean isUntouched = memory.isUntouched(room);
    if (isUntouched) {
      memory.setUntouched(room, false);
    }
    return isUntouched;
  }

  /** Whatever is read into any room from now on may be worked on. */
  void touchAll() {
    for (int room = 0; room < COUNT; room++) {
      memory.setUntouched(room, false);
    }
  }

  static boolean isBuffer(int room) {
    return room < SessionMemory.BUFFERS;
  }
}
