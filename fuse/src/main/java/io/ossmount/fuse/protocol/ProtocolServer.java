package io.ossmount.fuse.protocol;

import io.ossmount.fuse.Attempt;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes of a request in, a call of the file system, bytes of the answer out. Thread-safe.
 *
 * <p>Whatever the bytes are, the outcome is an answer: a request that has not the form of its
 * operation is EINVAL, an operation that is not understood ENOSYS. A throwable of the file system
 * becomes its errno or EIO here and nowhere else.
 *
 * <p>INTERRUPT is not handled here: only who runs the work can interrupt it.
 */
public final class ProtocolServer {
  /** Least room for the answer to an operation that names no size itself. */
  public static final int MIN_ROOM = 4096 + OutHeader.BYTES;

  /** Largest answer. */
  public static final int MAX_ROOM = Negotiation.MAX_REQUEST + OutHeader.BYTES;

  /** INIT flags that are asked for, each of which a kernel may lack: both words. */
  public static final long WANTED_FLAGS = Negotiation.WANTED_FLAGS;

  private static final Logger LOG = LoggerFactory.getLogger(ProtocolServer.class);

  private final long unwantedFlags;
  private final Consumer<byte[]> onNegotiated;
  private final Operations operations;
  private final Undoing undoing;

  /**
   * A server of one session.
   *
   * @param fileSystem what answers
   * @param clock says what "now" is in utimensat(2)
   * @param unwantedFlags INIT flags that are not asked for although they could be used: the first
   *     word and, above it, the second
   * @param onNegotiated is given the answer to INIT before it is handed out
   */
  public ProtocolServer(
      FileSystem fileSystem,
      InstantSource clock,
      long unwantedFlags,
      Consumer<byte[]> onNegotiated) {
    this.unwantedFlags = unwantedFlags;
    this.onNegotiated = onNegotiated;
    this.operations = new Operations(fileSystem, clock);
    this.undoing = new Undoing(fileSystem);
  }

  /**
   * Room that the answer to a request may need, in bytes.
   *
   * @param request as it was read; of any form
   */
  public static int room(MemorySegment request) {
    if (request.byteSize() < InHeader.BYTES + ReadIn.BYTES) {
      return MIN_ROOM;
    }
    int code = InHeader.decode(request).opcode();
    if (code != Opcode.READ.code()
        && code != Opcode.READDIR.code()
        && code != Opcode.READDIRPLUS.code()) {
      return MIN_ROOM;
    }
    int size = ReadIn.decode(request.asSlice(InHeader.BYTES)).size();
    return OutHeader.BYTES + Math.clamp(size, MIN_ROOM - OutHeader.BYTES, Negotiation.MAX_REQUEST);
  }

  /** Whether a request moves data, so that answering it takes longer than waking a thread. */
  public static boolean mayTakeLong(MemorySegment request) {
    int code = InHeader.decode(request).opcode();
    return code == Opcode.READ.code()
        || code == Opcode.WRITE.code()
        || code == Opcode.READDIR.code()
        || code == Opcode.READDIRPLUS.code();
  }

  /** The request that an INTERRUPT is about; 0 when the bytes have not its form. */
  public static long interrupted(MemorySegment request) {
    if (request.byteSize() < InHeader.BYTES + InterruptIn.BYTES) {
      return 0;
    }
    return InterruptIn.decode(request.asSlice(InHeader.BYTES)).unique();
  }

  /** Writes an answer that says only {@code errno}; returns its size. */
  public static int refuse(long unique, Errno errno, MemorySegment room) {
    return new Answer(room, unique).error(errno);
  }

  /** Handles one request, at the first try. */
  public Handled handle(MemorySegment request, MemorySegment room) {
    return handle(request, room, Attempt.FIRST);
  }

  /**
   * Handles one request.
   *
   * @param request all bytes that were read; for WRITE, valid until the work has ended
   * @param room at least {@link #room} bytes, for the answer; valid until the work has ended
   * @param attempt which try this is; used until the work has ended
   */
  public Handled handle(MemorySegment request, MemorySegment room, Attempt attempt) {
    if (request.byteSize() < InHeader.BYTES) {
      return Handled.NO_ANSWER;
    }
    InHeader header = InHeader.decode(request);
    if (header.unique() == 0) {
      // An answer to no request would be taken for a notification.
      return Handled.NO_ANSWER;
    }
    Opcode opcode = Opcode.of(header.opcode());
    Answer answer = new Answer(room, header.unique());
    try {
      if (opcode == null) {
        return new Handled.Answered(answer.error(Errno.ENOSYS));
      }
      if (header.len() != request.byteSize()) {
        throw new FuseException(Errno.EINVAL, "length in the header is wrong");
      }
      Request checked = new Request(request, header, opcode, attempt);
      return opcode == Opcode.INIT
          ? new Handled.Answered(init(checked, answer))
          : operations.handle(checked, answer);
    } catch (Throwable e) {
      boolean isAnswered = opcode == null || opcode.isAnswered();
      int bytes = failure(e, answer);
      return isAnswered ? new Handled.Answered(bytes) : Handled.NO_ANSWER;
    }
  }

  /**
   * What takes back the lookups and handles of an answer that the kernel does not want.
   *
   * @param request that was answered; of any form
   * @param answer all bytes of it; neither is used after this returns
   * @return to be run once, on a thread that may wait; empty: there is nothing to take back
   */
  public Optional<Runnable> undoing(MemorySegment request, MemorySegment answer) {
    if (request.byteSize() < InHeader.BYTES || answer.byteSize() < OutHeader.BYTES) {
      return Optional.empty();
    }
    List<Undoing.Step> steps = undoing.steps(InHeader.decode(request), answer);
    return steps.isEmpty() ? Optional.empty() : Optional.of(() -> steps.forEach(this::undo));
  }

  private void undo(Undoing.Step step) {
    try {
      step.run();
    } catch (Exception e) {
      LOG.warn("what an unwanted answer gave is not taken back: {}", e.toString());
    }
  }

  private int init(Request request, Answer answer) {
    InitIn in = InitIn.decode(request.argument());
    InitOut out = Negotiation.answer(in, unwantedFlags);
    out.encode(answer.payload());
    if (in.major() == Negotiation.MAJOR) {
      onNegotiated.accept(
          answer
              .payload()
              .asSlice(0, InitOut.BYTES)
              .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
      LOG.debug("kernel offers {}, answer {}", in, out);
    }
    return answer.success(InitOut.BYTES);
  }

  /** The one place where a throwable becomes an errno. */
  static int failure(Throwable e, Answer answer) {
    return switch (e) {
      case FuseException failed -> answer.error(failed.errno());
      case InterruptedException interrupted -> answer.error(Errno.EINTR);
      case ClosedByInterruptException interrupted -> answer.error(Errno.EINTR);
      default -> {
        LOG.error("request {} failed unexpectedly", Long.toUnsignedString(answer.unique()), e);
        yield answer.error(Errno.EIO);
      }
    };
  }
}
