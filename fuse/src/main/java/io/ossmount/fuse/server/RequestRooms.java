package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.RoomTail;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.protocol.InHeader;
import io.ossmount.fuse.protocol.Opcode;
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
  private final MemorySegment[] requests = new MemorySegment[COUNT];
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
      requests[room] = SessionMemory.forRequest(rooms[room]);
    }
    memory.populate(rooms[0]);
    populated[0] = true;
  }

  /** All of a room. */
  MemorySegment memory(int room) {
    return rooms[room];
  }

  /** The part of a room that a request may take. */
  MemorySegment forRequest(int room) {
    return requests[room];
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

  /** Whether a request may lie in a slot: the data of a WRITE stay where they are. */
  static boolean fitsSlot(InHeader header, int length) {
    return header.opcode() != Opcode.WRITE.code()
        && length <= SessionMemory.SLOT_BYTES - RoomTail.BYTES;
  }

  static boolean isBuffer(int room) {
    return room < SessionMemory.BUFFERS;
  }
}
