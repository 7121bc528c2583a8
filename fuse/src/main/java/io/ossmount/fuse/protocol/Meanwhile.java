package io.ossmount.fuse.protocol;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.Statistics;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What can be said of a request while there is no server: bytes in, and what to do. Says nothing
 * that the server would not say as well; whatever it cannot say is for the next server.
 */
public sealed interface Meanwhile {
  /** An answer of so many bytes is in the room. */
  record Answered(int bytes) implements Meanwhile {}

  /** The next server is to have the request. */
  record Kept() implements Meanwhile {}

  /** No one needs it: a server that has died forgets what it had counted. */
  record Dropped() implements Meanwhile {}

  /** The caller of another request was told a signal. */
  record Interrupted(long unique) implements Meanwhile {}

  /**
   * The handle is not needed any more: the answer of so many bytes in the room may be sent when
   * that is noted for the next server. Else the request is kept.
   */
  record Released(long handle, int bytes) implements Meanwhile {}

  /** Room for any answer that is given here, in bytes. */
  int ROOM = ProtocolServer.MIN_ROOM;

  /**
   * Judges a request of a session whose INIT is answered.
   *
   * @param request all bytes that were read, of any form
   * @param known what is known of a node for sure
   * @param room at least {@link #ROOM} bytes, for the answer
   */
  static Meanwhile judge(
      MemorySegment request, LongFunction<Optional<Attributes>> known, MemorySegment room) {
    if (request.byteSize() < InHeader.BYTES) {
      return new Dropped();
    }
    InHeader header = InHeader.decode(request);
    Opcode opcode = Opcode.of(header.opcode());
    Answer answer = new Answer(room, header.unique());
    if (header.unique() == 0) {
      return new Dropped();
    }
    if (opcode == null) {
      return new Answered(answer.error(Errno.ENOSYS));
    }
    if (header.len() != request.byteSize()) {
      return opcode.isAnswered() ? new Answered(answer.error(Errno.EINVAL)) : new Dropped();
    }
    return switch (opcode) {
      case FORGET, BATCH_FORGET -> new Dropped();
      case INTERRUPT -> new Interrupted(ProtocolServer.interrupted(request));
      case STATFS -> new Answered(answer.statistics(Statistics.BOUNDLESS));
      case DESTROY -> new Answered(answer.success(0));
      case RELEASE, RELEASEDIR -> released(request, answer);
      case GETATTR ->
          known
              .apply(header.nodeid())
              .<Meanwhile>map(node -> new Answered(answer.attributes(fleeting(node))))
              .orElseGet(Kept::new);
      default -> new Kept();
    };
  }

  private static Meanwhile released(MemorySegment request, Answer answer) {
    return request.byteSize() < InHeader.BYTES + ReleaseIn.BYTES
        ? new Kept()
        : new Released(ReleaseIn.decode(request.asSlice(InHeader.BYTES)).fh(), answer.success(0));
  }

  /** The kernel is to ask again: the next server may know better. */
  private static Attributes fleeting(Attributes node) {
    return new Attributes(
        node.inode(),
        node.size(),
        node.mode(),
        node.links(),
        node.uid(),
        node.gid(),
        node.accessed(),
        node.modified(),
        node.changed(),
        Duration.ZERO);
  }
}
