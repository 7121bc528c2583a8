package io.ossmount.fuse.server;

import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.RoomTail;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.protocol.Handled;
import io.ossmount.fuse.protocol.InHeader;
import io.ossmount.fuse.protocol.Opcode;
import io.ossmount.fuse.protocol.OutHeader;
import io.ossmount.fuse.protocol.ProtocolServer;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a request that lies in a room of the session's memory, until its answer is sent
 * and the room is free again. Thread-safe.
 */
final class RequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final AnswerSender sender;
  private final RequestRooms rooms;
  private final AnswerRooms answers;
  private final RequestObserver observer;
  private final ProtocolServer server;
  private final Lifetime lifetime;
  private final Runnable onRelease;
  private final InFlight inFlight = new InFlight();

  /**
   * A handler of one session's requests.
   *
   * @param shared the memory for answers, and who is told of requests
   * @param lifetime of the session: each work that waits is one use of it
   * @param onRelease runs after a room became free
   */
  RequestHandler(
      AnswerSender sender,
      RequestRooms rooms,
      Session.Shared shared,
      ProtocolServer server,
      Lifetime lifetime,
      Runnable onRelease) {
    this.sender = sender;
    this.rooms = rooms;
    this.answers = shared.answers();
    this.observer = shared.observer();
    this.server = server;
    this.lifetime = lifetime;
    this.onRelease = onRelease;
  }

  /** Handles the request of {@code length} bytes in the buffer {@code room}; never waits. */
  void handle(int room, int length) {
    long began = System.nanoTime();
    MemorySegment request = rooms.memory(room).asSlice(0, length);
    if (length < InHeader.BYTES) {
      release(room);
      return;
    }
    InHeader header = InHeader.decode(request);
    if (header.opcode() == Opcode.INTERRUPT.code()) {
      inFlight.interrupt(ProtocolServer.interrupted(request));
      release(room);
      observe(header, 0, began);
      return;
    }
    AnswerRoom answer = answers.tryTake(ProtocolServer.room(request));
    if (answer == null) {
      int place = moveToSlot(header, room, length);
      start(header, place, () -> handleWithRoom(header, place, length, began));
      return;
    }
    Attempt attempt = attempt(header, room);
    switch (server.handle(request, answer.memory(), attempt)) {
      case Handled.Answered(int bytes) -> finish(header, room, answer, bytes, began);
      case Handled.Pending(Handled.Work work) -> {
        int place = moveToSlot(header, room, length);
        if (attempt instanceof RoomAttempt moved) {
          moved.movedTo(rooms.memory(place));
        }
        start(header, place, () -> finish(header, place, answer, work.run(), began));
      }
    }
  }

  private Attempt attempt(InHeader header, int room) {
    return isOnce(header) ? new RoomAttempt(rooms.memory(room)) : Attempt.FIRST;
  }

  private static boolean isOnce(InHeader header) {
    Opcode opcode = Opcode.of(header.opcode());
    return opcode != null && opcode.isOnce();
  }

  /**
   * Answers what earlier servers and stand-ins left in the rooms. An answer that was ready is sent,
   * and nothing is done again; any other request is handled now, in its own thread.
   *
   * @param kernel whom to ask for what it waits for; empty: it cannot be asked
   * @return how many requests there were
   */
  int recover(Optional<FuseDevice> kernel) {
    LeftRequests left = LeftRequests.take(rooms);
    List<Long> interrupted = kernel.map(device -> resending(device, left).run()).orElse(List.of());
    left.rooms().forEach(this::recover);
    interrupted.forEach(inFlight::interrupt);
    return left.rooms().size();
  }

  private Resending resending(FuseDevice device, LeftRequests left) {
    return new Resending(
        device,
        rooms,
        left,
        new Resending.Requests() {
          @Override
          public void handle(int room, int length) {
            RequestHandler.this.handle(room, length);
          }

          @Override
          public int moveToSlot(InHeader header, int room, int length) {
            return RequestHandler.this.moveToSlot(header, room, length);
          }
        });
  }

  private void recover(int room) {
    InHeader header = InHeader.decode(rooms.memory(room));
    if (!isOnce(header) || !sendKept(header, room)) {
      long began = System.nanoTime();
      int length = SessionMemory.length(rooms.memory(room));
      start(header, room, () -> handleWithRoom(header, room, length, began));
    }
  }

  /** Sends the answer that an earlier server had ready; false: there was none. */
  private boolean sendKept(InHeader header, int room) {
    Optional<byte[]> kept = RoomTail.kept(rooms.memory(room));
    if (kept.isEmpty()) {
      return false;
    }
    // No one waits for it when the earlier server was killed after it had sent it.
    if (sender.send(kept.get()) == AnswerSender.Sent.REFUSED) {
      sender.refuse(header.unique(), Errno.EIO);
    }
    release(room);
    return true;
  }

  /** No caller of the session waits any more. */
  void interruptAll() {
    inFlight.interruptAll();
  }

  /** Gives the buffer free for the next request, unless the data in it are needed. */
  private int moveToSlot(InHeader header, int room, int length) {
    int slot = RequestRooms.fitsSlot(header, length) ? rooms.takeSlot() : RequestRooms.NONE;
    if (slot == RequestRooms.NONE) {
      return room;
    }
    SessionMemory.move(rooms.memory(room), length, rooms.memory(slot));
    release(room);
    return slot;
  }

  private void start(InHeader header, int room, Runnable work) {
    lifetime.useAgain();
    Opcode opcode = Opcode.of(header.opcode());
    Thread thread = Thread.ofVirtual().name("fuse-work").unstarted(() -> run(header, room, work));
    inFlight.start(header.unique(), thread, opcode != null && opcode.isInterruptible());
  }

  private void run(InHeader header, int room, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      LOG.error("request {} ended unexpectedly", header, e);
      sender.refuse(header.unique(), Errno.EIO);
      release(room);
    } finally {
      inFlight.end(header.unique());
      lifetime.endUse();
    }
  }

  /** Waits for memory for the answer, then handles the request; not on a reader. */
  private void handleWithRoom(InHeader header, int room, int length, long began) {
    MemorySegment request = rooms.memory(room).asSlice(0, length);
    AnswerRoom answer;
    try {
      answer = answers.take(ProtocolServer.room(request));
    } catch (InterruptedException e) {
      sender.refuse(header.unique(), Errno.EINTR);
      release(room);
      observe(header, Errno.EINTR.number(), began);
      return;
    }
    int bytes =
        switch (server.handle(request, answer.memory(), attempt(header, room))) {
          case Handled.Answered(int ready) -> ready;
          case Handled.Pending(Handled.Work work) -> work.run();
        };
    finish(header, room, answer, bytes, began);
  }

  /**
   * Sends the answer, if there is one, and gives both rooms back; the request's not before the
   * answer was sent: until then the next server must find it.
   */
  private void finish(InHeader header, int room, AnswerRoom answer, int bytes, long began) {
    int errno = bytes > 0 ? -OutHeader.decode(answer.memory()).error() : 0;
    if (bytes > 0) {
      if (isOnce(header)) {
        RoomTail.keep(rooms.memory(room), answer.memory(), bytes);
      }
      switch (sender.send(answer.memory(), bytes)) {
        case ACCEPTED -> release(room);
        case UNWANTED -> undo(room, answer.memory().asSlice(0, bytes));
        case REFUSED -> {
          sender.refuse(header.unique(), Errno.EIO);
          errno = Errno.EIO.number();
          release(room);
        }
      }
    } else {
      release(room);
    }
    answers.release(answer);
    observe(header, errno, began);
  }

  /** Takes back what an answer gave that no one waits for, then gives the request's room back. */
  private void undo(int room, MemorySegment answer) {
    Optional<Runnable> undoing = server.undoing(rooms.memory(room), answer);
    if (undoing.isEmpty()) {
      release(room);
      return;
    }
    lifetime.useAgain();
    Thread.ofVirtual()
        .name("fuse-undo")
        .start(() -> {
          try {
            undoing.get().run();
          } finally {
            release(room);
            lifetime.endUse();
          }
        });
  }

  private void observe(InHeader header, int errno, long began) {
    observer.handled(Opcode.of(header.opcode()), errno, System.nanoTime() - began);
  }

  private void release(int room) {
    rooms.release(room);
    if (RequestRooms.isBuffer(room)) {
      onRelease.run();
    }
  }
}
