package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.RoomTail;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.protocol.InHeader;
import io.ossmount.fuse.protocol.Opcode;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The requests that earlier servers and stand-ins left in a session's memory, each once. Not
 * thread-safe.
 */
final class LeftRequests {
  private final RequestRooms rooms;

  /** Rooms, by the number that the request had when it came first. */
  private final Map<Long, Integer> byUnique = new LinkedHashMap<>();

  private LeftRequests(RequestRooms rooms) {
    this.rooms = rooms;
  }

  /**
   * Takes all that lie in {@code rooms}. What is none, what nobody waits for, and what lies there
   * twice is let go: a server that is killed between the two steps of a move leaves a request
   * twice, and so does a stand-in that reads what the kernel has sent again.
   */
  static LeftRequests take(RequestRooms rooms) {
    LeftRequests left = new LeftRequests(rooms);
    int room = rooms.takeOccupied(0);
    while (room != RequestRooms.NONE) {
      left.add(room);
      room = rooms.takeOccupied(room + 1);
    }
    return left;
  }

  /** One more. */
  void add(int room) {
    if (!isRequest(room)) {
      rooms.release(room);
      return;
    }
    long unique = RoomTail.firstUnique(header(room).unique());
    Integer there = byUnique.get(unique);
    if (there == null) {
      byUnique.put(unique, room);
    } else if (knowsMore(room, there)) {
      byUnique.put(unique, room);
      letGo(there, room);
    } else {
      letGo(room, there);
    }
  }

  /**
   * The same request lies in {@code kept} too. When the kernel has sent it again, it takes an
   * answer under that number only, whichever of the two has it.
   */
  private void letGo(int room, int kept) {
    long unique = header(room).unique();
    if (RoomTail.isSentAgain(unique)) {
      RoomTail.renumber(rooms.memory(kept), unique);
    }
    rooms.release(room);
  }

  private boolean isRequest(int room) {
    int length = SessionMemory.length(rooms.memory(room));
    if (length < InHeader.BYTES || length > rooms.forRequest(room).byteSize()) {
      return false;
    }
    Opcode opcode = Opcode.of(header(room).opcode());
    return opcode == null || opcode.isAnswered();
  }

  /** Of two rooms with one request, that is the better one in which somebody has worked on it. */
  private boolean knowsMore(int room, int other) {
    return knowledge(room) > knowledge(other);
  }

  private int knowledge(int room) {
    MemorySegment memory = rooms.memory(room);
    return (RoomTail.kept(memory).isPresent() ? 2 : 0)
        + (RoomTail.noted(memory).isPresent() ? 1 : 0);
  }

  private InHeader header(int room) {
    return InHeader.decode(rooms.memory(room));
  }

  /** Whether this request is among them, sent again or not. */
  boolean isThere(long unique) {
    return byUnique.containsKey(RoomTail.firstUnique(unique));
  }

  /** The kernel knows the request by this number now. */
  void renumber(long unique) {
    Integer room = byUnique.get(RoomTail.firstUnique(unique));
    if (room != null) {
      RoomTail.renumber(rooms.memory(room), unique);
    }
  }

  /** Where they lie. */
  Collection<Integer> rooms() {
    return byUnique.values();
  }
}
