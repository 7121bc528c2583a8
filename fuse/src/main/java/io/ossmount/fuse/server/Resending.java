package io.ossmount.fuse.server;

import io.ossmount.fuse.kernel.Errors;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.RoomTail;
import io.ossmount.fuse.protocol.InHeader;
import io.ossmount.fuse.protocol.Notification;
import io.ossmount.fuse.protocol.Opcode;
import io.ossmount.fuse.protocol.ProtocolServer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel send again what it waits for ({@code FUSE_NOTIFY_RESEND}), when a server takes a
 * session over and before it handles anything. Not thread-safe.
 *
 * <p>Problem: what a dead server had read lies in the session's memory, but nothing proves that all
 * of it does. Solution: the kernel knows. What it sends again has bit 63 of its number set, and
 * comes before all that is new, so it is read up to the first new request, or to the end. A request
 * that lies in a room keeps its room, with what was noted there, and takes the new number: the
 * kernel takes an answer under no other. One that lies in none is a new one.
 */
final class Resending {
  private static final Logger LOG = LoggerFactory.getLogger(Resending.class);

  private final FuseDevice device;
  private final RequestRooms rooms;
  private final LeftRequests left;
  private final Requests requests;
  private final List<Long> interrupted = new ArrayList<>();

  /** What can be done with requests that are read here. */
  interface Requests {
    /** One that nobody waits for. */
    void handle(int room, int length);

    /** Gives the buffer free, if it can; returns where the request lies then. */
    int moveToSlot(InHeader header, int room, int length);
  }

  /** Puts what comes again together with what is {@code left}. */
  Resending(FuseDevice device, RequestRooms rooms, LeftRequests left, Requests requests) {
    this.device = device;
    this.rooms = rooms;
    this.left = left;
    this.requests = requests;
  }

  /**
   * Asks for them and reads them; what was not there yet is among the left ones afterwards.
   *
   * @return numbers of requests that were interrupted meanwhile
   */
  List<Long> run() {
    if (!rooms.hasFreeBuffer()) {
      LOG.info("no room to have requests sent again: those that are in memory are answered");
      return List.of();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment notice = arena.allocate(Notification.MAX_BYTES, Long.BYTES);
      int result = device.write(notice, new Notification.Resend().encode(notice));
      if (result < 0) {
        LOG.warn("the kernel does not send requests again: errno {}", -result);
        return List.of();
      }
    }
    while (readOne()) {}
    return interrupted;
  }

  /** False: there are no more. */
  private boolean readOne() {
    int room = rooms.takeBuffer();
    if (room == RequestRooms.NONE) {
      LOG.warn("more requests come again than there is room for");
      return false;
    }
    int length = device.read(rooms.forRequest(room));
    if (length < InHeader.BYTES) {
      rooms.release(room);
      return length == -Errors.EINTR || length == -Errors.ENOENT;
    }
    return take(room, length);
  }

  private boolean take(int room, int length) {
    MemorySegment request = rooms.memory(room).asSlice(0, length);
    InHeader header = InHeader.decode(request);
    Opcode opcode = Opcode.of(header.opcode());
    if (opcode == Opcode.INTERRUPT) {
      interrupted.add(ProtocolServer.interrupted(request));
      rooms.release(room);
      return true;
    }
    if (opcode != null && !opcode.isAnswered()) {
      requests.handle(room, length);
      return true;
    }
    if (left.isThere(header.unique())) {
      left.renumber(header.unique());
      rooms.release(room);
    } else {
      left.add(requests.moveToSlot(header, room, length));
    }
    return RoomTail.isSentAgain(header.unique());
  }
}
