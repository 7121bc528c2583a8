package io.ossmount.fuse.server;

import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.kernel.RoomTail;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/**
 * A try at a request whose notes lie beside it in the session's memory. Not thread-safe: it moves
 * with its request before the thread that works on that is started.
 */
final class RoomAttempt implements Attempt {
  private final OptionalLong noted;
  private MemorySegment room;

  /** A try at the request in the room. */
  RoomAttempt(MemorySegment room) {
    this.room = room;
    this.noted = RoomTail.noted(room);
  }

  /** The request and what was noted lie there now. */
  void movedTo(MemorySegment other) {
    room = other;
  }

  @Override
  public OptionalLong noted() {
    return noted;
  }

  @Override
  public void note(long value) {
    RoomTail.note(room, value);
  }
}
