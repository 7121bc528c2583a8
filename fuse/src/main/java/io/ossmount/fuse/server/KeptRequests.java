package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.RoomTail;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.protocol.InHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The requests that lie in a session's memory while it has no server: those that the dead one had
 * read, and those that the stand-in reads. Not thread-safe.
 */
final class KeptRequests {
  private final RequestRooms rooms;
  private final StandInTotals totals;

  /** Rooms with a request. */
  private final BitSet occupied = new BitSet();

  /** Buffers among them that were filled here. */
  private final BitSet filled = new BitSet();

  /** Takes all that lies in {@code memory}. */
  KeptRequests(SessionMemory memory, StandInTotals totals) throws IOException {
    this.rooms = new RequestRooms(memory);
    this.totals = totals;
    for (int room = rooms.takeOccupied(0);
        room != RequestRooms.NONE;
        room = rooms.takeOccupied(room + 1)) {
      occupied.set(room);
    }
  }

  int count() {
    return occupied.cardinality();
  }

  /**
   * A buffer for a request, or {@link RequestRooms#NONE}. What is read into it counts, until {@link
   * #release}.
   */
  int takeBuffer() {
    int room = mayFill() ? rooms.takeBuffer() : RequestRooms.NONE;
    if (room != RequestRooms.NONE) {
      occupied.set(room);
    }
    return room;
  }

  private boolean mayFill() {
    return filled.isEmpty() || totals.hasBuffers();
  }

  MemorySegment memory(int room) {
    return rooms.memory(room);
  }

  /** What a request may take of the room. */
  MemorySegment forRequest(int room) {
    return rooms.forRequest(room);
  }

  /** The request in a room; empty: it is none. */
  Optional<MemorySegment> request(int room) {
    int length = SessionMemory.length(rooms.memory(room));
    return length >= InHeader.BYTES && length <= rooms.forRequest(room).byteSize()
        ? Optional.of(rooms.memory(room).asSlice(0, length))
        : Optional.empty();
  }

  InHeader header(int room) {
    return InHeader.decode(rooms.memory(room));
  }

  /** The request of {@code length} bytes in the buffer stays; the buffer is free if that can be. */
  void keep(int buffer, int length) {
    if (!moveToSlot(buffer, length)) {
      filled.set(buffer);
      totals.buffersFilled(1);
    }
  }

  /** False: there is no slot, or it is a WRITE. */
  private boolean moveToSlot(int buffer, int length) {
    int slot = RequestRooms.fitsSlot(header(buffer), length) ? rooms.takeSlot() : RequestRooms.NONE;
    if (slot == RequestRooms.NONE) {
      return false;
    }
    SessionMemory.move(rooms.memory(buffer), length, rooms.memory(slot));
    occupied.set(slot);
    release(buffer);
    return true;
  }

  /** Makes room, and says whether there is a buffer for one more request. */
  boolean hasRoom() {
    for (int buffer : filled.stream().toArray()) {
      moveToSlot(buffer, SessionMemory.length(rooms.memory(buffer)));
    }
    return rooms.hasFreeBuffer() && mayFill();
  }

  /** The room of a request. */
  OptionalInt find(long unique) {
    long wanted = RoomTail.firstUnique(unique);
    return occupied.stream()
        .filter(room -> RoomTail.firstUnique(header(room).unique()) == wanted)
        .findFirst();
  }

  boolean isOccupied(int room) {
    return occupied.get(room);
  }

  /** The first room with a request from {@code room} on; negative: none. */
  int next(int room) {
    return occupied.nextSetBit(room);
  }

  /** The room is free. */
  void release(int room) {
    rooms.release(room);
    occupied.clear(room);
    if (filled.get(room)) {
      filled.clear(room);
      totals.buffersFilled(-1);
    }
  }

  /** What lies there stays for the next server. */
  void leave() {
    totals.buffersFilled(-filled.cardinality());
  }
}
