package io.ossmount.fuse.server;

import io.ossmount.fuse.Errno;
import io.ossmount.fuse.kernel.Errors;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.protocol.OutHeader;
import io.ossmount.fuse.protocol.ProtocolServer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends answers to the kernel. Thread-safe; never waits. */
final class AnswerSender {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerSender.class);

  private final FuseDevice device;

  AnswerSender(FuseDevice device) {
    this.device = device;
  }

  /** What the kernel says to an answer. */
  enum Sent {
    ACCEPTED,
    /** The request was answered before, or the session is over. */
    UNWANTED,
    /** It is no answer to its request. */
    REFUSED
  }

  /** Sends the first {@code bytes} of {@code answer}. */
  Sent send(MemorySegment answer, int bytes) {
    int result = device.write(answer, bytes);
    return switch (-result) {
      case Errors.ENOENT, Errors.ENODEV, Errors.ENOTCONN -> Sent.UNWANTED;
      default -> {
        if (result < 0) {
          LOG.error("kernel refuses an answer of {} bytes: errno {}", bytes, -result);
        }
        yield result >= 0 ? Sent.ACCEPTED : Sent.REFUSED;
      }
    };
  }

  /** Sends an answer that lies elsewhere. */
  Sent send(byte[] answer) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(answer.length, 8);
      return send(memory.copyFrom(MemorySegment.ofArray(answer)), answer.length);
    }
  }

  /** Answers a request with nothing but an error. */
  void refuse(long unique, Errno errno) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(OutHeader.BYTES, 8);
      send(memory, ProtocolServer.refuse(unique, errno, memory));
    }
  }
}
