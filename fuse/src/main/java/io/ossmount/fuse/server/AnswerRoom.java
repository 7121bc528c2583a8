package io.ossmount.fuse.server;

import io.ossmount.fuse.protocol.OutHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for one answer: the header directly before the payload, so that one write(2) sends both,
 * and the payload on a page boundary, so that a file system can read into it as it likes.
 */
final class AnswerRoom {
  private static final int PAGE = 4096;

  private final MemorySegment memory;
  private final int sizeClass;

  AnswerRoom(int payloadBytes, int sizeClass) {
    // Pooled for the life of the process: never freed.
    MemorySegment pages = Arena.global().allocate((long) PAGE + payloadBytes, PAGE);
    this.memory = pages.asSlice(PAGE - OutHeader.BYTES);
    this.sizeClass = sizeClass;
  }

  MemorySegment memory() {
    return memory;
  }

  int sizeClass() {
    return sizeClass;
  }
}
