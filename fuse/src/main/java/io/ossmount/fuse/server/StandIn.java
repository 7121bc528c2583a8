package io.ossmount.fuse.server;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.fuse.kernel.Epoll;
import io.ossmount.fuse.kernel.Errors;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.kernel.TaskFate;
import io.ossmount.fuse.protocol.InHeader;
import io.ossmount.fuse.protocol.Meanwhile;
import io.ossmount.fuse.protocol.Opcode;
import io.ossmount.fuse.protocol.ProtocolServer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the requests of one session that has no server, so that nothing is stuck that need not be.
 * Thread-safe.
 *
 * <p>Problem: who asks for the attributes of a mount's root, as kubelet does, waits as long as
 * there is no server, and a process whose request the dead server had read cannot even be killed.
 * Solution: what the session's memory knows is answered from there, and a process that is being
 * killed gets EINTR. Every other request goes into the memory, and the next server handles it. When
 * the memory is full the kernel keeps what comes.
 *
 * <p>It is a reader of the descriptor like any server: never beside one. When {@link #close} has
 * returned, it reads nothing any more, and what it had read lies in the memory.
 */
public final class StandIn implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandIn.class);

  /** What there was in a turn. */
  enum Turn {
    HANDLED,
    NOTHING,
    /** The connection is over. */
    OVER
  }

  /**
   * Of a session.
   *
   * @param name for logs
   * @param attributes what a node's record says of it, if it says so for sure
   * @param onOver runs when the kernel has ended the connection; without a lock
   */
  public record Task(
      String name, Function<byte[], Optional<Attributes>> attributes, Runnable onOver) {}

  private final Task task;
  private final StandInTotals totals;
  private final Runnable onClose;
  private final FuseDevice device;
  private final SessionMemory memory;

  /** Guarded by this, as what follows is. */
  private final KeptRequests kept;

  private final Intake intake;
  private final MemorySegment answer = Arena.ofAuto().allocate(Meanwhile.ROOM, Long.BYTES);

  private boolean isPaused;
  private boolean isOver;
  private boolean isClosed;

  /** Takes over both descriptors, also when it fails. */
  StandIn(
      Task task,
      StandInTotals totals,
      FuseDevice device,
      SessionMemory memory,
      Place place,
      Runnable onClose)
      throws IOException {
    this.task = task;
    this.totals = totals;
    this.onClose = onClose;
    this.device = device;
    this.memory = memory;
    this.kept = new KeptRequests(memory, totals);
    this.intake = new Intake(place.epoll(), device.descriptor(), place.token());
  }

  /** Where it waits for requests. */
  record Place(Epoll epoll, long token) {}

  /** Answers what it can of what the dead server had read; requests are read from now on. */
  void open() throws IOException {
    LOG.info("session {}: a stand-in reads, {} requests are there", task.name(), kept.count());
    answerLeft();
    intake.open();
  }

  private synchronized void answerLeft() {
    for (int room = kept.next(0); room >= 0; room = kept.next(room + 1)) {
      Optional<MemorySegment> request = kept.request(room);
      if (request.isPresent()
          && Meanwhile.judge(request.get(), this::known, answer)
              instanceof Meanwhile.Answered(int bytes)) {
        answer(room, bytes);
      }
    }
  }

  /** Takes one request; never waits. */
  Turn turn() {
    Turn turn;
    synchronized (this) {
      if (isClosed || isOver) {
        return Turn.NOTHING;
      }
      // Of a session that is paused the kernel tells nothing but its end.
      turn = isPaused ? Turn.OVER : takeOne();
      if (turn == Turn.OVER) {
        isOver = true;
        intake.close();
      }
    }
    if (turn == Turn.OVER) {
      LOG.info("session {}: over", task.name());
      task.onOver().run();
    }
    return turn;
  }

  private Turn takeOne() {
    int room = kept.takeBuffer();
    if (room == RequestRooms.NONE) {
      LOG.warn("session {}: no room for more requests; the kernel keeps them", task.name());
      isPaused = true;
      intake.pause(() -> false);
      return Turn.NOTHING;
    }
    int length = device.read(kept.forRequest(room));
    if (length > 0) {
      handle(room, length);
      return Turn.HANDLED;
    }
    kept.release(room);
    return switch (-length) {
      case Errors.EAGAIN -> Turn.NOTHING;
      case Errors.EINTR, Errors.ENOENT -> Turn.HANDLED;
      default -> Turn.OVER;
    };
  }

  private void handle(int room, int length) {
    MemorySegment request = kept.memory(room).asSlice(0, length);
    switch (Meanwhile.judge(request, this::known, answer)) {
      case Meanwhile.Answered(int bytes) -> answer(room, bytes);
      case Meanwhile.Dropped() -> kept.release(room);
      case Meanwhile.Interrupted(long unique) -> {
        kept.release(room);
        kept.find(unique).ifPresent(this::endIfDying);
      }
      case Meanwhile.Released(long handle, int bytes) -> {
        // Else each file that is closed would take a room.
        if (memory.released(handle)) {
          answer(room, bytes);
        } else {
          keep(room, length);
        }
      }
      case Meanwhile.Kept() -> keep(room, length);
    }
  }

  private void answer(int room, int bytes) {
    totals.answered();
    send(bytes);
    kept.release(room);
  }

  private Optional<Attributes> known(long node) {
    var key = new SessionRecords.Key(SessionRecords.Kind.NODE, node);
    return memory.record(key).flatMap(task.attributes());
  }

  private void keep(int room, int length) {
    if (!endIfDying(room)) {
      totals.kept();
      kept.keep(room, length);
    }
  }

  /** Tells a process that is being killed that it need not wait; true: the room is free. */
  private boolean endIfDying(int room) {
    InHeader header = kept.header(room);
    Opcode opcode = Opcode.of(header.opcode());
    if (opcode == null || !opcode.hasCaller() || header.pid() <= 0) {
      return false;
    }
    TaskFate fate = TaskFate.of(header.pid());
    // A READ or WRITE of aio(7) outlives the thread that asked for it.
    boolean isOfThread = opcode != Opcode.READ && opcode != Opcode.WRITE;
    if (fate != TaskFate.DIES && !(fate == TaskFate.GONE && isOfThread)) {
      return false;
    }
    LOG.info(
        "session {}: {} of thread {}, which dies, is ended", task.name(), opcode, header.pid());
    totals.ended();
    send(ProtocolServer.refuse(header.unique(), Errno.EINTR, answer));
    kept.release(room);
    return true;
  }

  /** ENOENT and the like: no one waits for it any more. */
  private void send(int bytes) {
    int result = device.write(answer, bytes);
    if (result < 0) {
      LOG.debug("session {}: an answer is refused: errno {}", task.name(), -result);
    }
  }

  /**
   * Looks at all that waits: who is killed while the kernel cannot tell of it, as it was told
   * before or reading is paused. Lets go of the lock between two requests.
   */
  void sweep() {
    for (int room = firstKept(0); room >= 0; room = firstKept(room + 1)) {
      synchronized (this) {
        if (!isClosed && !isOver && kept.isOccupied(room)) {
          endIfDying(room);
        }
      }
    }
    resumeIfThereIsRoom();
  }

  private synchronized void resumeIfThereIsRoom() {
    if (!isPaused || isClosed || isOver) {
      return;
    }
    if (kept.hasRoom()) {
      isPaused = false;
      intake.resume();
    }
  }

  private synchronized int firstKept(int from) {
    return kept.next(from);
  }

  /** It cannot go on, by a fault of its own: what it has read stays for the next server. */
  synchronized void giveUp() {
    intake.close();
  }

  /** Ends it: when this returns the next server may begin. Waits for one request at most. */
  @Override
  public void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      intake.close();
      kept.leave();
      device.close();
      memory.close();
    }
    onClose.run();
  }

  @Override
  public String toString() {
    return "stand-in of session " + task.name();
  }
}
