package io.ossmount.fuse.server;

import io.ossmount.fuse.protocol.Opcode;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each request when it is over, such as to count it. Called on the way of every request,
 * by all readers at once: never waits, never throws, makes no garbage. Thread-safe.
 */
@FunctionalInterface
public interface RequestObserver {
  /** Does not care. */
  RequestObserver NONE = (opcode, errno, nanos) -> {};

  /**
   * A request was answered, or was handled if it gets no answer.
   *
   * @param opcode what was asked; null: an operation that is not understood
   * @param errno positive number of the error in the answer; 0: none
   * @param nanos since the request had been read
   */
  void handled(@Nullable Opcode opcode, int errno, long nanos);
}
